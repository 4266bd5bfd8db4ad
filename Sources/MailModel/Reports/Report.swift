/// What a mail in the report mailbox is.
public enum ReportKind: String, Sendable, CaseIterable, Codable {
  case bounce, delay, complaint
  case autoReply = "autoreply"
  case reply, other

  /// Whether it belongs to a message of ours or to *Unmatched*.
  public var concernsDelivery: Bool { self == .bounce || self == .complaint || self == .delay }

  /// Whether a recipient, or a program of theirs, wrote it.
  public var isAnswer: Bool { self == .reply || self == .autoReply }
}

/// Where a mail lies on the server: unique for ever (RFC 9051 §2.3.1.1).
public struct MailboxLocation: Sendable, Hashable {
  /// `user@host/mailbox`.
  public var mailbox: String
  public var uidValidity: UInt32
  public var uid: UInt32

  public init(mailbox: String, uidValidity: UInt32, uid: UInt32) {
    self.mailbox = mailbox
    self.uidValidity = uidValidity
    self.uid = uid
  }
}

/// A stored report as listed.
public struct Report: Sendable, Equatable, Identifiable {
  public typealias ID = Int64

  public var id: ID
  public var location: MailboxLocation
  public var kind: ReportKind
  public var receivedAt: Timestamp
  public var from: String
  public var subject: String
  public var correlation: Correlation
  /// The message it is about, when correlated.
  public var messageID: Message.ID?
  public var originalMessageID: String?
  public var feedbackType: String?
  public var why: String
  /// Grows with every decision about it.
  public var version: Int64
  /// Waits in *Unmatched* for a person.
  public var isUnmatched: Bool
  /// What a person decided: `matched by ann`, `dismissed by ann`; empty for none.
  public var handled: String
  /// How a person classified a reply.
  public var label: ReplyLabel?
  /// A recipient that it names, the first of several; empty for none.
  public var recipient: String

  /// Whether a person may say which message it is about: nothing proves it, and no one dismissed it.
  public var canBeMatched: Bool { isUnmatched || !(kind.concernsDelivery || correlation.isProof) }

  public init(
    id: ID, location: MailboxLocation, kind: ReportKind, receivedAt: Timestamp, from: String, subject: String,
    correlation: Correlation, messageID: Message.ID?, originalMessageID: String?, feedbackType: String?, why: String,
    version: Int64 = 1, isUnmatched: Bool = false, handled: String = "", label: ReplyLabel? = nil,
    recipient: String = ""
  ) {
    self.id = id
    self.location = location
    self.kind = kind
    self.receivedAt = receivedAt
    self.from = from
    self.subject = subject
    self.correlation = correlation
    self.messageID = messageID
    self.originalMessageID = originalMessageID
    self.feedbackType = feedbackType
    self.why = why
    self.version = version
    self.isUnmatched = isUnmatched
    self.handled = handled
    self.label = label
    self.recipient = recipient
  }
}
