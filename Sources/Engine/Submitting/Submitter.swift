import Crypto
import Foundation
public import MailFormats
public import MailModel
public import Storage

/// Every way in ends here: parsed, checked, canonical, stored durably, acknowledged.
public struct Submitter: Sendable {
  /// One message as a way in hands it over.
  public struct Request: Sendable {
    /// `enqueue`, `sendmail` or `daily`.
    public var source: String
    /// Bytes as given, with any line ends.
    public var raw: [UInt8]
    /// Instead of those named in the header.
    public var recipients: [Address]?
    /// Instead of From.
    public var envelopeSender: Address?
    /// Nobody is told when it bounces: `MAIL FROM:<>`, as bounces and automatic replies have it.
    public var hasNullSender = false
    /// Instead of the address in From.
    public var account: String?
    /// Unique within `source`; `nil` to use the content's own hash, so that the same file is queued once.
    public var idempotencyKey: String?
    /// The campaign it belongs to; empty for none.
    public var campaign = ""
    /// The key alone decides what is a repetition, whatever the content: for content that is rendered anew each time.
    public var isOncePerKey = false

    public init(
      source: String, raw: [UInt8], recipients: [Address]? = nil, envelopeSender: Address? = nil,
      account: String? = nil,
      idempotencyKey: String? = nil
    ) {
      self.source = source
      self.raw = raw
      self.recipients = recipients
      self.envelopeSender = envelopeSender
      self.account = account
      self.idempotencyKey = idempotencyKey
    }
  }

  /// What became of one recipient of one request.
  public struct Acknowledgement: Sendable, Equatable {
    public var recipient: String
    public var messageID: String
    public var insertion: Insertion
    /// `queued`, `held` or `suppressed`; of a duplicate the state that the message is in now.
    public var state: MessageState
  }

  private let store: Store
  private let clock: any Clock
  private let actor: Actor
  /// The right side of Message-IDs that we make.
  private let host: String

  public init(store: Store, clock: any Clock, actor: Actor, host: String) {
    self.store = store
    self.clock = clock
    self.actor = actor
    self.host = host
  }

  /// Parses and checks without storing anything.
  /// - Throws: `CanonicalError`, `SubmissionError`.
  public func prepare(_ request: Request) throws -> [Submission] {
    let header = try SubmissionHeader(parsing: request.raw)
    let recipients = request.recipients ?? header.recipients
    guard !recipients.isEmpty else { throw SubmissionError.noRecipients }
    guard Submitter.isCampaign(request.campaign) else { throw SubmissionError.badCampaign(request.campaign) }
    if let account = request.account, (try? Address(parsing: account)) == nil {
      throw SubmissionError.badAccount(String(account.prefix(100)))
    }
    let now = clock.now()
    let messageID = header.messageID ?? "<\(UUID().uuidString.lowercased())@\(host)>"
    let additions = CanonicalMessage.Additions(date: MailDate.format(now), messageID: messageID)
    let body = try CanonicalMessage.canonicalise(request.raw, additions: additions)
    // The hash is that of what was given: a Date or Message-ID that we add must not make a repetition look different.
    let hash = Array(SHA256.hash(data: try CanonicalMessage.canonicalise(request.raw)))
    let key = request.idempotencyKey ?? Hexadecimal.text(hash)
    return recipients.map { recipient in
      Submission(
        source: request.source, idempotencyKey: "\(key)/\(recipient)",
        accountAddress: (request.account ?? header.from.description).lowercased(),
        envelopeSender: request.hasNullSender ? "" : (request.envelopeSender ?? header.from).description,
        recipient: recipient.description,
        messageID: messageID, subject: String(header.subject.prefix(500)), body: body,
        bodyHash: request.isOncePerKey ? Array(SHA256.hash(data: Array(key.utf8))) : hash,
        author: header.from.description, campaign: request.campaign)
    }
  }

  /// A name that can be typed in a filter and in a scope: at most 64 letters, digits, `.`, `_`, `-` and `/`.
  static func isCampaign(_ name: String) -> Bool {
    name.utf8.count <= 64
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: ".-_/".utf8.contains(byte)
        }
      }
  }

  /// Stores submissions in one transaction; they are durable when this returns.
  ///
  /// - Throws: `OperationRefusal.role`, `SubmissionError.conflict` (nothing is stored then), `StoreError`.
  public func store(_ submissions: [Submission]) throws -> [Acknowledgement] {
    guard actor.role >= .operator else {
      throw OperationRefusal.role(needed: .operator, actual: actor.role, operation: "message.enqueue")
    }
    let now = clock.now()
    return try store.write { transaction in
      let acknowledgements = try submissions.map { try insert($0, now: now, in: transaction) }
      let inserted = acknowledgements.filter { if case .inserted = $0.insertion { true } else { false } }
      if let first = inserted.first, case .inserted(let id) = first.insertion {
        _ = try transaction.audit.append(
          at: now, actor: actor, operation: "message.enqueue", subject: "message:\(id)", reason: "",
          detailsJSON: JSONLine.object(["count": "\(inserted.count)", "source": submissions[0].source]))
      }
      return acknowledgements
    }
  }

  /// Inside a transaction of the caller.
  /// - Throws: `SubmissionError.conflict`, `StoreError`.
  func insert(_ submission: Submission, now: Timestamp, in transaction: Transaction) throws -> Acknowledgement {
    let account = try transaction.accounts.getOrCreate(submission.accountAddress, now: now)
    var (state, reason) = (MessageState.queued, "enqueued")
    if try transaction.suppressions.active(submission.recipient, account: account.id, now: now) != nil {
      (state, reason) = (.suppressed, "recipient is suppressed")
    } else if account.standing == .restricted {
      (state, reason) = (.held, AccountEvidence.holdReason)
    }
    let insertion = try transaction.messages.insert(
      submission, account: account.id, state: state, reason: reason, now: now)
    if case .conflict(let id) = insertion { throw SubmissionError.conflict(key: submission.idempotencyKey, with: id) }
    var acknowledgement = Acknowledgement(
      recipient: submission.recipient, messageID: submission.messageID, insertion: insertion, state: state)
    if case .duplicate(let id) = insertion, let known = try transaction.messages.get(id) {
      (acknowledgement.messageID, acknowledgement.state) = (known.messageID, known.state)
    }
    return acknowledgement
  }
}

public enum SubmissionError: Error, Sendable, Equatable, CustomStringConvertible {
  case noRecipients
  case badCampaign(String)
  case badAccount(String)
  case conflict(key: String, with: Message.ID)

  public var description: String {
    switch self {
    case .noRecipients: "no recipient: name one in To, Cc or Bcc, or on the command line"
    case .badCampaign(let name): "'\(name)' is no campaign: at most 64 letters, digits and . _ - /"
    case .badAccount(let name): "'\(name)' is no account: it must be the address that sends, such as news@example.org"
    case .conflict(let key, let id):
      "the idempotency key \(key) was used for message \(id) with another content; use another key"
    }
  }
}
