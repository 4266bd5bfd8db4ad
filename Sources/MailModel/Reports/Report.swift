/// What a mail in the report mailbox is.
public enum ReportKind: String, Sendable, CaseIterable, Codable {
  case bounce, delay, complaint
  case autoReply = "autoreply"
  case reply, other
}

/// How a bounce is to be taken (DESIGN §8).
public enum BounceClass: String, Sendable, CaseIterable, Codable {
  /// The address does not work and will not: suppress.
  case hard
  /// Temporary or about this one message.
  case soft
  /// Refused for policy or reputation: says nothing about the address.
  case block
  case unknown
}

/// What a delivery status notification says happened to one recipient (RFC 3464 §2.3.3).
public enum DSNAction: String, Sendable, CaseIterable, Codable {
  case failed, delayed, delivered, relayed, expanded
}

/// What a report says about one recipient. A DSN may carry several.
public struct ReportedRecipient: Sendable, Equatable {
  /// Final-Recipient, or the address the report names.
  public var finalRecipient: String?
  /// Original-Recipient: the address we sent to, when the report tells it.
  public var originalRecipient: String?
  /// The address that a notice's text says the final one was made of by an alias: most likely the one we sent to.
  public var expandedFrom: String?
  public var action: DSNAction?
  public var status: EnhancedStatus?
  /// Diagnostic-Code without its type. Text from outside, bounded.
  public var diagnostic: String
  public var remoteMTA: String?
  public var bounceClass: BounceClass?
  /// The reason in words, such as `user unknown`, `mailbox full`.
  public var reason: String
  /// What decided class and reason: the id of a bounce rule, or `status 5.2.2`.
  public var rule: String
  /// The line of the report that the rule found its words in. Text from outside, bounded; may be empty.
  public var evidence: String

  public init(
    finalRecipient: String? = nil, originalRecipient: String? = nil, expandedFrom: String? = nil,
    action: DSNAction? = nil, status: EnhancedStatus? = nil, diagnostic: String = "", remoteMTA: String? = nil,
    bounceClass: BounceClass? = nil,
    reason: String = "", rule: String = "", evidence: String = ""
  ) {
    self.finalRecipient = finalRecipient
    self.originalRecipient = originalRecipient
    self.expandedFrom = expandedFrom
    self.action = action
    self.status = status
    self.diagnostic = diagnostic
    self.remoteMTA = remoteMTA
    self.bounceClass = bounceClass
    self.reason = reason
    self.rule = rule
    self.evidence = evidence
  }
}

/// What a report was read to be, handed on by reference: at every step of an intake its dozen texts would be counted up
/// and down otherwise.
public final class SharedReading: Sendable {
  public let report: ClassifiedReport

  public init(_ report: ClassifiedReport) { self.report = report }
}

/// Everything a classifier reads out of one mail: bytes to value, no decision about consequences.
public struct ClassifiedReport: Sendable, Equatable {
  public var kind: ReportKind
  public var recipients: [ReportedRecipient]
  /// Message-ID of the returned message with its angle brackets.
  public var originalMessageID: String?
  /// Where the returned message is a report itself: Message-ID of the message that this one returned.
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

/// The header field that every message of ours carries, with its signed token: what is left to know a message by when
/// a relay replaced its Message-ID and its envelope sender.
public enum OwnHeader {
  public static let name = "X-Postroom-Token"
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

/// How surely a report belongs to a message of ours, strongest first.
public enum Correlation: String, Sendable, CaseIterable, Codable {
  /// A signed VERP token of ours, in an address.
  case token
  /// The signed token that we sent as ENVID (RFC 3461 §4.4), in Original-Envelope-Id.
  case envelopeID
  /// The signed token of our own header field, in the returned headers.
  case header
  /// A Message-ID that we sent, in the returned headers.
  case messageID
  /// A person said so in *Unmatched*.
  case person
  /// Only the recipient and the time fit: may not restrict anyone.
  case recipient
  case none

  /// Whether consequences for people may follow; a forged report must not be able to restrict anyone.
  public var isProof: Bool {
    switch self {
    case .token, .envelopeID, .header, .messageID, .person: true
    case .recipient, .none: false
    }
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

/// One recipient's bounce or delay, as a row of the bounce table.
public struct Bounce: Sendable, Equatable, Identifiable {
  public var id: Int64
  public var reportID: Report.ID
  public var messageID: Message.ID?
  public var accountAddress: String?
  public var recipient: String
  public var kind: ReportKind
  public var bounceClass: BounceClass
  public var status: EnhancedStatus?
  public var reason: String
  public var diagnostic: String
  public var correlation: Correlation
  /// What followed: `suppressed`, `retry`, `none: not ours`.
  public var consequence: String
  public var occurredAt: Timestamp

  public init(
    id: Int64, reportID: Report.ID, messageID: Message.ID?, accountAddress: String?, recipient: String,
    kind: ReportKind, bounceClass: BounceClass, status: EnhancedStatus?, reason: String, diagnostic: String,
    correlation: Correlation, consequence: String, occurredAt: Timestamp
  ) {
    self.id = id
    self.reportID = reportID
    self.messageID = messageID
    self.accountAddress = accountAddress
    self.recipient = recipient
    self.kind = kind
    self.bounceClass = bounceClass
    self.status = status
    self.reason = reason
    self.diagnostic = diagnostic
    self.correlation = correlation
    self.consequence = consequence
    self.occurredAt = occurredAt
  }
}

/// One complaint, as a row of the complaint table.
public struct Complaint: Sendable, Equatable, Identifiable {
  public var id: Int64
  public var version: Int64
  public var reportID: Report.ID
  public var messageID: Message.ID?
  public var accountID: Account.ID?
  public var accountAddress: String?
  public var recipient: String?
  public var feedbackType: String
  public var correlation: Correlation
  /// A dismissed complaint no longer counts against the account.
  public var isDismissed: Bool
  public var consequence: String
  public var occurredAt: Timestamp

  public init(
    id: Int64, version: Int64, reportID: Report.ID, messageID: Message.ID?, accountID: Account.ID?,
    accountAddress: String?, recipient: String?, feedbackType: String, correlation: Correlation, isDismissed: Bool,
    consequence: String, occurredAt: Timestamp
  ) {
    self.id = id
    self.version = version
    self.reportID = reportID
    self.messageID = messageID
    self.accountID = accountID
    self.accountAddress = accountAddress
    self.recipient = recipient
    self.feedbackType = feedbackType
    self.correlation = correlation
    self.isDismissed = isDismissed
    self.consequence = consequence
    self.occurredAt = occurredAt
  }
}
