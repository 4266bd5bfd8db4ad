import MailModel

/// The words that the filter of one table knows; everything else that is typed is text.
public struct FilterWords: Sendable, Equatable {
  /// Words before a colon.
  public let names: Set<String>
  /// Words that stand for themselves.
  public let flags: Set<String>

  private init(_ names: Set<String> = [], flags: Set<String> = []) {
    self.names = names
    self.flags = flags
  }

  /// A table that is searched by text alone.
  public static let textOnly = FilterWords()
  public static let messages = FilterWords(["state", "account", "campaign", "destination"])
  /// Those of the command, which has other commands for the tables of the flags.
  public static let bounces = FilterWords(["class", "kind", "account", "code", "destination", "hours"])
  public static let bouncePane = FilterWords(
    bounces.names.union(["by"]), flags: ["patterns", "suppressed", "unmatched"])
  public static let complaints = FilterWords(["account"])
  public static let accounts = FilterWords(["standing"])
  public static let audit = FilterWords(["operation", "actor", "account", "since", "until"])
  public static let approvals = FilterWords(["approval"])
  public static let notices = FilterWords(["notice", "account"])
  public static let unmatched = FilterWords(flags: ["replies", "handled"])

  /// The names of all tables: one that stands in the wrong table is a mistake, not text.
  static let allNames = [messages, bouncePane, complaints, accounts, audit, approvals, notices]
    .reduce(into: Set<String>()) { $0.formUnion($1.names) }

  /// What may stand after a name; empty where anything may.
  static func values(of name: String) -> [String] {
    switch name {
    case "state": MessageState.allCases.map(\.rawValue)
    case "standing": AccountStanding.allCases.map(\.rawValue)
    case "class": BounceClass.allCases.map(\.rawValue)
    case "kind": [ReportKind.bounce, .delay].map(\.rawValue)
    case "notice": NoticeState.allCases.map(\.rawValue)
    case "approval": ApprovalState.allCases.map(\.rawValue)
    case "by": BouncePattern.Dimension.allCases.map(\.rawValue)
    default: []
    }
  }

  /// Everything that a word of such a filter may be, or begin with.
  public var choices: [String] {
    let tokens = names.flatMap { name in
      let values = FilterWords.values(of: name)
      return values.isEmpty ? ["\(name):"] : values.map { "\(name):\($0)" }
    }
    return (tokens + flags).sorted()
  }

  /// For the help of a command that lists such a table: `--filter takes text, or account:…, class:hard|soft`.
  public var help: String {
    let words = names.sorted().map { name in
      let values = FilterWords.values(of: name)
      return "\(name):\(values.isEmpty ? "…" : values.joined(separator: "|"))"
    }
    return "--filter takes text, or " + (words + flags.sorted()).joined(separator: ", ")
  }

  /// What a filter may be made of, in words.
  var expectation: String {
    let words = names.sorted().map { $0 + ":…" } + flags.sorted()
    return words.isEmpty ? "text that a row contains" : "text, or " + words.joined(separator: ", ")
  }
}
