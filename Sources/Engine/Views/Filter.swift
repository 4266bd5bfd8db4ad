public import MailModel
public import Storage

/// What was typed to narrow a table: words such as `state:held`, and the rest as a substring.
public struct Filter: Sendable, Equatable {
  public let source: String
  /// Words before a colon, with what stands after it, and flags without.
  public let tokens: [(name: String, value: String)]
  public let text: String

  /// What the table knows that it narrows.
  public let words: FilterWords

  /// Lets everything through.
  public static let none = Filter("", .textOnly)

  public init(_ source: String, _ words: FilterWords) {
    self.source = source
    self.words = words
    var tokens: [(name: String, value: String)] = []
    var rest: [Substring] = []
    for word in source.split(separator: " ") {
      let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2, FilterWords.allNames.contains(String(parts[0])) {
        tokens.append((String(parts[0]), String(parts[1])))
      } else if words.flags.contains(String(word)) {
        tokens.append((String(word), ""))
      } else {
        rest.append(word)
      }
    }
    self.tokens = tokens
    text = rest.joined(separator: " ")
  }

  public var isEmpty: Bool { source.allSatisfy(\.isWhitespace) }

  public static func == (left: Filter, right: Filter) -> Bool {
    left.source == right.source && left.words == right.words
  }

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

  /// What looks like a word for narrowing and is none of any table, such as `stat:held`: it was searched for as text.
  public var searchedWord: String? {
    let words: [Substring] = text.split(separator: " ")
    let word = words.first { word in
      let name = word.prefix { $0 != ":" }
      return name.count < word.count && !name.isEmpty && name.allSatisfy { $0.isASCII && $0.isLowercase }
    }
    return word.map(String.init)
  }

  /// The first thing in it that means nothing, in words; `nil` when all is understood.
  public var problem: String? {
    tokens.lazy.compactMap { name, value in
      words.flags.contains(name) ? nil : problem(name, value)
    }.first
  }

  private func problem(_ name: String, _ value: String) -> String? {
    guard words.names.contains(name) else {
      return "'\(name)' means nothing in this table; expected \(words.expectation)"
    }
    let known = FilterWords.values(of: name)
    if value.isEmpty {
      return "\(name): says nothing yet" + (known.isEmpty ? "" : "; expected \(known.joined(separator: ", "))")
    }
    if ["since", "until"].contains(name), DayText.start(of: value) == nil {
      return "\(name):\(value) is no day such as 2026-11-21"
    }
    if name == "hours", Int64(value).map({ (1...87_600).contains($0) }) != true {
      return "hours:\(value) is no number of hours from 1 to 87600"
    }
    let unknown = known.isEmpty ? nil : value.split(separator: ",").first { !known.contains(String($0)) }
    return unknown.map { "\(name):\($0) is none of \(known.joined(separator: ", "))" }
  }

  /// The messages that it lets through.
  public var messages: MessageQuery {
    MessageQuery(
      states: values("state", as: MessageState.self), account: value("account")?.lowercased(),
      campaign: value("campaign"), domain: value("destination"), text: text)
  }

  /// The bounces that it lets through.
  /// - Parameter now: where the window of `hours:` ends.
  public func bounces(at now: Timestamp) -> BounceQuery {
    BounceQuery(
      classes: values("class", as: BounceClass.self), kinds: values("kind", as: ReportKind.self),
      account: value("account")?.lowercased(), status: value("code"), domain: value("destination"),
      since: window.map { now - $0 }, text: text)
  }

  /// How far back `hours:` goes; `nil` where it does not stand.
  public var window: Span? { value("hours").flatMap(Int64.init).map { .hours(min(max($0, 1), 87_600)) } }
}
