internal import MailModel

/// One report that a recipient of the sandbox causes.
struct SandboxReport: Sendable {
  enum Kind: Sendable {
    case failed(EnhancedStatus)
    case delayed
    case complaint
    case autoReply
    case reply
  }

  var kind: Kind
  var original: OriginalMessage
  var recipient: String
  /// ORCPT as the client gave it.
  var originalRecipient: String?

  /// `nil` when this recipient causes none: it was plain, the sender is null (RFC 5321 §4.5.5), or NOTIFY forbids it.
  init?(about original: OriginalMessage, _ recipient: Envelope.Recipient) {
    guard !original.envelopeSender.isEmpty else { return nil }
    let notify = recipient.notify
    switch recipient.behaviour {
    case .bounce(let status):
      guard notify.isEmpty || notify.contains("FAILURE") else { return nil }
      kind = .failed(status)
    case .delay:
      guard notify.isEmpty || notify.contains("DELAY") else { return nil }
      kind = .delayed
    case .complain: kind = .complaint
    case .autoReply: kind = .autoReply
    case .reply: kind = .reply
    default: return nil
    }
    self.original = original
    self.recipient = recipient.address
    originalRecipient = recipient.original
  }

  /// The envelope sender with its VERP token; for a person's answer the address in Reply-To or From.
  var addressee: String {
    if case .reply = kind { return original.answerAddress }
    return original.envelopeSender
  }

  /// The whole mail as it lies in the mailbox, with the trace of its delivery.
  func bytes(at now: Timestamp) -> [UInt8] {
    let trace = """
      Return-Path: <\(returnPath)>\r
      Delivered-To: \(addressee)\r
      X-Original-To: \(addressee)\r
      Received: from \(original.hostName) (localhost [127.0.0.1]); \(MailDate.text(now))\r

      """
    return Array(trace.utf8) + composed(at: now)
  }

  /// Reports have the null sender, so that nothing answers them.
  private var returnPath: String {
    if case .reply = kind { return recipient }
    return ""
  }

  private func composed(at now: Timestamp) -> [UInt8] {
    switch kind {
    case .failed(let status): DeliveryStatusText(report: self, status: status, action: .failed).bytes(at: now)
    case .delayed:
      DeliveryStatusText(report: self, status: EnhancedStatus(4, 4, 1), action: .delayed).bytes(at: now)
    case .complaint: feedbackReport(at: now)
    case .autoReply: vacationNotice(at: now)
    case .reply: answer(at: now)
    }
  }

  /// A Message-ID or boundary of its own, the same for the same message, recipient and kind.
  var token: String {
    let seed = "\(kind)|\(recipient)|\(original.messageID ?? "")|\(original.takenAt.microseconds)"
    return String(AcceptedMessage.hash(of: seed.utf8), radix: 36)
  }
}
