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
