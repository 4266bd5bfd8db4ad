/// How a person classified a reply (runbook "Reply Processing Stuck").
public enum ReplyLabel: String, Sendable, CaseIterable, Codable {
  case interested
  case notInterested = "not-interested"
  case question
  case outOfOffice = "out-of-office"
  case unsubscribe
  case wrongPerson = "wrong-person"
  case other
}

/// How far a message came, as far as reports and events tell; it only ever advances.
public enum MessageStage: String, Sendable, CaseIterable, Codable, Comparable {
  case delayed, delivered, opened, clicked, replied, bounced, complained

  /// Greater is farther.
  public var rank: Int { MessageStage.allCases.firstIndex(of: self) ?? 0 }

  public static func < (left: MessageStage, right: MessageStage) -> Bool { left.rank < right.rank }
}

/// Something that happened to a message after a server took it.
public struct MessageEvent: Sendable, Equatable, Identifiable {
  public var id: Int64
  public var messageID: Message.ID
  /// A stage, or a word of the provider's such as `rejected`.
  public var kind: String
  public var occurredAt: Timestamp
  /// `report 7`, `ses`.
  public var source: String
  /// Text from outside, bounded.
  public var detail: String

  public init(
    id: Int64, messageID: Message.ID, kind: String, occurredAt: Timestamp, source: String, detail: String
  ) {
    self.id = id
    self.messageID = messageID
    self.kind = kind
    self.occurredAt = occurredAt
    self.source = source
    self.detail = detail
  }
}

/// What a person said that mails of one sender with such a subject are.
public struct ReportRule: Sendable, Equatable, Identifiable {
  public enum Verdict: String, Sendable, CaseIterable {
    /// Never kept in *Unmatched*.
    case dismiss
    /// Not a report at all.
    case other
    case autoReply = "autoreply"
    case reply
  }

  public var id: Int64
  /// The address in From, lower case.
  public var sender: String
  /// What the subject contains, lower case; empty for any.
  public var subject: String
  public var verdict: Verdict
  public var createdBy: String
  public var createdAt: Timestamp

  public init(
    id: Int64, sender: String, subject: String, verdict: Verdict, createdBy: String, createdAt: Timestamp
  ) {
    self.id = id
    self.sender = sender
    self.subject = subject
    self.verdict = verdict
    self.createdBy = createdBy
    self.createdAt = createdAt
  }
}

/// How often something bounced in a window, with its classes.
public struct BouncePattern: Sendable, Equatable {
  /// What bounces are grouped by (runbook "Handling High Bounce Rate Alert": same domain? same user? which codes?).
  public enum Dimension: String, Sendable, CaseIterable {
    case domain, code, sender, reason
  }

  public var dimension: Dimension
  /// The domain, the enhanced status code, the account's address or the reason in words.
  public var value: String
  public var count: Int
  public var classes: [BounceClass: Int]
  public var lastAt: Timestamp

  public init(dimension: Dimension, value: String, count: Int, classes: [BounceClass: Int], lastAt: Timestamp) {
    self.dimension = dimension
    self.value = value
    self.count = count
    self.classes = classes
    self.lastAt = lastAt
  }
}

/// A message that an unmatched report may be about, with why.
public struct RankedCandidate: Sendable, Equatable {
  public var message: Message
  public var score: Int
  /// In words, the weightiest first: `same recipient`, `sent 4 min before`.
  public var reasons: [String]

  public init(message: Message, score: Int, reasons: [String]) {
    self.message = message
    self.score = score
    self.reasons = reasons
  }
}
