internal import MailFormats
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
  /// ORCPT as the client gave it, such as `rfc822;a@b`.
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
  ///
  /// - Throws: `AddressError` or `HeaderError` when the client's addresses or header cannot stand in a mail.
  func bytes(at now: Timestamp) throws -> [UInt8] {
    var trace = try HeaderEncoder.field("Return-Path", structured: "<\(returnPath)>")
    trace += try HeaderEncoder.field("Delivered-To", structured: addressee)
    trace += try HeaderEncoder.field("X-Original-To", structured: addressee)
    let received = "from \(original.hostName) (localhost [127.0.0.1]); \(MailDate.format(now))"
    trace += try HeaderEncoder.field("Received", structured: received)
    return trace + (try composed(at: now))
  }

  /// Reports have the null sender, so that nothing answers them.
  private var returnPath: String {
    if case .reply = kind { return recipient }
    return ""
  }

  private func composed(at now: Timestamp) throws -> [UInt8] {
    switch kind {
    case .failed(let status): return try deliveryStatus(.failed, status, at: now)
    case .delayed: return try deliveryStatus(.delayed, EnhancedStatus(4, 4, 1), at: now)
    case .complaint: return try feedbackReport(at: now)
    case .autoReply: return try vacationNotice(at: now)
    case .reply: return try answer(at: now)
    }
  }

  private func deliveryStatus(_ action: DSNAction, _ status: EnhancedStatus, at now: Timestamp) throws -> [UInt8] {
    let asked = originalRecipient?.split(separator: ";").last.map(String.init)
    let code = status.statusClass == 5 ? 550 : 452
    return try DSNComposer.compose(
      DSNDraft(
        reportingMTA: original.hostName, to: Address(parsing: addressee), date: MailDate.format(now),
        messageID: newMessageID, envelopeID: original.envelopeID?.singleLine,
        recipients: [
          DSNDraft.Recipient(
            finalRecipient: Address(parsing: recipient),
            originalRecipient: try? Address(parsing: asked ?? recipient), action: action, status: status,
            diagnostic: "\(code) \(status) <\(recipient)>: \(status.explanation)", remoteMTA: "mx.\(recipientDomain)")
        ], originalHeader: original.headerBytes))
  }

  private func feedbackReport(at now: Timestamp) throws -> [UInt8] {
    try ARFComposer.compose(
      ARFDraft(
        from: Address(parsing: "feedback@\(recipientDomain)"), to: Address(parsing: addressee),
        date: MailDate.format(now), messageID: newMessageID, userAgent: "Sandbox/1.0",
        originalMailFrom: Address(parsing: original.envelopeSender),
        originalRecipients: [Address(parsing: recipient)], originalHeader: original.headerBytes))
  }

  private func vacationNotice(at now: Timestamp) throws -> [UInt8] {
    try AutoReplyComposer.compose(
      AutoReplyDraft(
        from: Address(parsing: recipient), to: Address(parsing: addressee), date: MailDate.format(now),
        messageID: newMessageID, subject: original.subject, inReplyTo: original.messageID,
        text: "I am away until Monday and will read your message then.\n"))
  }

  private func answer(at now: Timestamp) throws -> [UInt8] {
    let cited = original.messageID.map { [("In-Reply-To", $0), ("References", $0)] } ?? []
    return try MessageComposer.compose(
      MessageDraft(
        from: NamedAddress(address: Address(parsing: recipient)),
        to: [NamedAddress(address: Address(parsing: addressee))],
        subject: "Re: \(original.subject)", date: MailDate.format(now), messageID: newMessageID,
        text: "Thank you, that is what I was looking for.\nCould we talk about it on Thursday?\n",
        extraFields: cited.map { (name: $0.0, value: $0.1) }))
  }

  private var recipientDomain: String { recipient.split(separator: "@").last.map(String.init) ?? "demo.invalid" }

  /// The same for the same message, recipient and kind.
  private var newMessageID: String {
    let seed = "\(kind)|\(recipient)|\(original.messageID ?? "")|\(original.takenAt.microseconds)"
    return "<\(String(AcceptedMessage.hash(of: seed.utf8), radix: 36))@\(original.hostName)>"
  }
}
