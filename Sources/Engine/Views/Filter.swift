import MailModel
public import Storage

/// What was typed to narrow a table: words such as `state:held`, and the rest as a substring.
public struct Filter: Sendable, Equatable {
  public let source: String
  /// Words before a colon that the pane knows, with what stands after it.
  public let tokens: [(name: String, value: String)]
  public let text: String

  public static let names: Set<String> = [
    "state", "account", "standing", "class", "operation", "actor", "approval", "since", "until", "by", "hours",
    "notice",
    "campaign", "destination",
  ]
  /// Words that stand for themselves.
  public static let flags: Set<String> = ["unmatched", "suppressed", "patterns", "replies", "handled"]

  public init(_ source: String) {
    self.source = source
    var tokens: [(name: String, value: String)] = []
    var rest: [Substring] = []
    for word in source.split(separator: " ") {
      let parts = word.split(separator: ":", maxSplits: 1)
      if parts.count == 2, Filter.names.contains(String(parts[0])) {
        tokens.append((String(parts[0]), String(parts[1])))
      } else if Filter.flags.contains(String(word)) {
        tokens.append((String(word), ""))
      } else {
        rest.append(word)
      }
    }
    self.tokens = tokens
    text = rest.joined(separator: " ")
  }

  public var isEmpty: Bool { source.allSatisfy(\.isWhitespace) }

  public static func == (left: Filter, right: Filter) -> Bool { left.source == right.source }

  public func value(_ name: String) -> String? { tokens.last { $0.name == name }?.value }
  public func has(_ flag: String) -> Bool { tokens.contains { $0.name == flag } }

  /// The values of a token that may stand several times or hold several words: `state:held,failed`.
  public func values<Value: RawRepresentable & Hashable>(_ name: String, as type: Value.Type) -> Set<Value>
  where Value.RawValue == String {
    Set(
      tokens.filter { $0.name == name }.flatMap { $0.value.split(separator: ",") }.compactMap {
        Value(rawValue: String($0))
      })
  }

  /// The first thing in it that means nothing, in words; `nil` when all is understood.
  public var problem: String? {
    for (name, value) in tokens {
      if ["since", "until"].contains(name), DayText.start(of: value) == nil {
        return "\(name):\(value) is no day such as 2026-11-21"
      }
      let known: [String] =
        switch name {
        case "state": MessageState.allCases.map(\.rawValue)
        case "standing": AccountStanding.allCases.map(\.rawValue)
        case "class": BounceClass.allCases.map(\.rawValue)
        case "notice": NoticeState.allCases.map(\.rawValue)
        case "approval": ApprovalState.allCases.map(\.rawValue)
        case "by": BouncePattern.Dimension.allCases.map(\.rawValue)
        default: []
        }
      let unknown = value.split(separator: ",").first { !known.contains(String($0)) }
      if !known.isEmpty, let unknown {
        return "\(name):\(unknown) is none of \(known.joined(separator: ", "))"
      }
    }
    return nil
  }

  /// Words that narrow a table of messages.
  public static let messageNames: Set<String> = ["state", "account", "campaign", "destination"]

  /// The messages that it lets through.
  public var messages: MessageQuery {
    MessageQuery(
      states: values("state", as: MessageState.self), account: value("account")?.lowercased(),
      campaign: value("campaign"), domain: value("destination"), text: text)
  }

  /// Why it cannot choose messages, in words; `nil` when it can.
  public var messageProblem: String? {
    problem
      ?? tokens.first { !Filter.messageNames.contains($0.name) }.map { name, _ in
        "\(name) says nothing about messages; there are \(Filter.messageNames.sorted().joined(separator: ", "))"
      }
  }
}
