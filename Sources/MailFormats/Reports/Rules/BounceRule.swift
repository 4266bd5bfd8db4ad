public import MailModel

/// One rule about a failure: when its conditions hold and one of its phrases stands in the text, it decides the reason.
public struct BounceRule: Sendable, Equatable {
  /// Shown in ``MailModel/ReportedRecipient/rule``, such as `mailbox-full`.
  public var id: String
  public var reason: BounceReason
  /// A weak rule is asked only after the strong ones and after a status code that says something specific.
  public var isWeak: Bool
  /// Its phrases say all there is to say: a status code beside them does not refine the reason.
  public var isExact: Bool
  /// Its phrases tell of something else than the address, which a refusal of the sender or the message does too: that
  /// one decides where the answer has both.
  public var isYielding: Bool
  /// Lower case. `*` between words stands for anything on the way, in this order. Without any, the conditions decide.
  public var phrases: [String]
  /// Domains of the server that answered, in lower case; empty: any server.
  public var servers: [String]
  /// Enhanced status codes; empty: any.
  public var statuses: [StatusPattern]
  /// The step of the SMTP dialogue that was refused; empty: any.
  public var stages: [SMTPStage]
  /// Answers of servers that this rule must decide; ``BounceRules/failedExamples()`` tries them.
  public var examples: [String]
  /// Where the rule stands in its file.
  public var line: Int
  /// An operator's own rule: what it says is not refined by the status code.
  public internal(set) var isOwn = false

  public init(
    id: String, reason: BounceReason, isWeak: Bool = false, isExact: Bool = false,
    isYielding: Bool = false, phrases: [String] = [], servers: [String] = [],
    statuses: [StatusPattern] = [], stages: [SMTPStage] = [], examples: [String] = [], line: Int = 0
  ) {
    self.id = id
    self.reason = reason
    self.isWeak = isWeak
    self.isExact = isExact
    self.isYielding = isYielding
    self.phrases = phrases
    self.servers = servers
    self.statuses = statuses
    self.stages = stages
    self.examples = examples
    self.line = line
  }

  /// Whether both are the same but for the place in their file.
  func says(_ other: BounceRule) -> Bool {
    guard id == other.id else { return false }
    var other = other
    other.line = line
    return self == other
  }

  var isEmpty: Bool { phrases.isEmpty && servers.isEmpty && statuses.isEmpty && stages.isEmpty }
}

/// An enhanced status code in which `*` stands for any number, such as `5.7.*`.
public struct StatusPattern: Sendable, Equatable, CustomStringConvertible {
  public var statusClass: Int?
  public var subject: Int?
  public var detail: Int?

  /// `nil` for what matches no code that a server can say: three numbers or asterisks between dots, the first 2, 4 or 5.
  public init?(_ text: some StringProtocol) {
    let fields = text.split(separator: ".", omittingEmptySubsequences: false)
    guard let code = EnhancedStatus(fields.map { $0 == "*" ? "5" : $0 }.joined(separator: ".")) else { return nil }
    statusClass = fields[0] == "*" ? nil : code.statusClass
    subject = fields[1] == "*" ? nil : code.subject
    detail = fields[2] == "*" ? nil : code.detail
  }

  public func matches(_ status: EnhancedStatus) -> Bool {
    (statusClass ?? status.statusClass) == status.statusClass && (subject ?? status.subject) == status.subject
      && (detail ?? status.detail) == status.detail
  }

  public var description: String {
    [statusClass, subject, detail].map { $0.map(String.init) ?? "*" }.joined(separator: ".")
  }
}
