/// Everything a classifier reads out of one mail: bytes to value, no decision about consequences.
public struct ClassifiedReport: Sendable, Equatable {
  public var kind: ReportKind
  public var recipients: [ReportedRecipient]
  /// Message-ID of the returned message with its angle brackets.
  public var originalMessageID: String?
  /// Where the returned message is a report itself: Message-ID of the message that this one returned. Of a provider's
  /// notification: the provider's own id.
  public var enclosedMessageID: String?
  /// Original-Envelope-Id (RFC 3464 §2.2.1).
  public var envelopeID: String?
  public var reportingMTA: String?
  /// ARF Feedback-Type (RFC 5965 §3.1), such as `abuse`.
  public var feedbackType: String?
  /// The addresses this mail was sent to, where a VERP token may be: To, Delivered-To, X-Original-To, and
  /// the returned message's Return-Path.
  public var tokenCandidates: [String]
  /// From of the report itself, and its decoded Subject. Text from outside, bounded.
  public var from: String
  public var subject: String
  /// In-Reply-To and References, for replies.
  public var references: [String]
  /// Which rule decided, for people: `RFC 3464 per-recipient fields`.
  public var why: String
  /// The header field that we add to what we send (``OwnHeader``), as it came back.
  public var ownHeader: String?

  public init(
    kind: ReportKind, recipients: [ReportedRecipient] = [], originalMessageID: String? = nil, envelopeID: String? = nil,
    reportingMTA: String? = nil, feedbackType: String? = nil, tokenCandidates: [String] = [], from: String = "",
    subject: String = "", references: [String] = [], why: String = "", ownHeader: String? = nil
  ) {
    self.ownHeader = ownHeader
    self.kind = kind
    self.recipients = recipients
    self.originalMessageID = originalMessageID
    self.envelopeID = envelopeID
    self.reportingMTA = reportingMTA
    self.feedbackType = feedbackType
    self.tokenCandidates = tokenCandidates
    self.from = from
    self.subject = subject
    self.references = references
    self.why = why
  }
}

/// What a report was read to be, handed on by reference: at every step of an intake its dozen texts would be counted up
/// and down otherwise.
public final class SharedReading: Sendable {
  public let report: ClassifiedReport

  public init(_ report: ClassifiedReport) { self.report = report }
}

/// The header field that every message of ours carries, with its signed token: what is left to know a message by when
/// a relay replaced its Message-ID and its envelope sender.
public enum OwnHeader {
  public static let name = "X-Postroom-Token"
}
