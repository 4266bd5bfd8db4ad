internal import MailModel

/// MAIL, RCPT, DATA and the final dot.
extension SMTPSession {
  mutating func mail(_ argument: Substring) -> [SMTPAction] {
    guard hasGreeted else { return strike("503 5.5.1 EHLO first") }
    guard settings.smtpLogin == nil || isLoggedIn else { return strike("530 5.7.0 Authentication required") }
    guard envelope == nil else { return strike("503 5.5.1 Nested MAIL") }
    guard argument.prefix(5).uppercased() == "FROM:" else { return strike("501 5.5.4 MAIL FROM:<address>") }
    do throws(EnvelopePath.Fault) {
      let known: Set = ["SIZE", "BODY", "SMTPUTF8", "RET", "ENVID", "AUTH"]
      let path = try EnvelopePath(argument.dropFirst(5), known: known)
      let usesUTF8 = path.parameters["SMTPUTF8"] != nil
      guard path.address.isEmpty || path.isMailbox else { return strike("553 5.1.7 Sender address not understood") }
      guard path.isASCII || usesUTF8 else { return strike("553 5.6.7 SMTPUTF8 needed") }
      if let size = path.parameters["SIZE"] {
        guard let bytes = UInt64(size) else { return strike("501 5.5.4 Bad SIZE") }
        guard bytes <= UInt64(settings.maxMessageSize) else { return [.reply(552, "5.3.4 Message too big")] }
      }
      envelope = Envelope(
        sender: path.address, envelopeID: path.parameters["ENVID"]?.decodedXtext, usesUTF8: usesUTF8)
      return [.reply(250, "2.1.0 Ok")]
    } catch {
      return strike(error.reply)
    }
  }

  mutating func recipient(_ argument: Substring) -> [SMTPAction] {
    guard var envelope else { return strike("503 5.5.1 MAIL first") }
    guard argument.prefix(3).uppercased() == "TO:" else { return strike("501 5.5.4 RCPT TO:<address>") }
    do throws(EnvelopePath.Fault) {
      let path = try EnvelopePath(argument.dropFirst(3), known: ["NOTIFY", "ORCPT"])
      guard path.isMailbox else { return strike("553 5.1.3 Recipient address not understood") }
      guard path.isASCII || envelope.usesUTF8 else { return strike("553 5.6.7 SMTPUTF8 needed") }
      guard envelope.recipients.count < settings.maxRecipients else {
        return [.reply(452, "4.5.3 Too many recipients")]
      }
      let behaviour = desk.behaviour(sender: envelope.sender, recipient: path.address, now: now)
      if let refusal = refusal(of: behaviour, path.address) { return refusal }
      let notify = (path.parameters["NOTIFY"] ?? "").uppercased().split(separator: ",").map(String.init)
      envelope.recipients.append(
        Envelope.Recipient(
          address: path.address, behaviour: behaviour, original: path.parameters["ORCPT"]?.decodedXtext,
          notify: Set(notify)))
      self.envelope = envelope
      return [.reply(250, "2.1.5 Ok")]
    } catch {
      return strike(error.reply)
    }
  }

  /// The answer to RCPT when it is not 250.
  private mutating func refusal(of behaviour: SandboxBehaviour, _ address: String) -> [SMTPAction]? {
    switch behaviour {
    case .reject(let status):
      return [.reply(550, "\(status) <\(address)>: \(status.explanation)")]
    case .defer(let status):
      let isFull = [EnhancedStatus(4, 2, 2), EnhancedStatus(4, 3, 1), EnhancedStatus(4, 5, 3)].contains(status)
      return [.reply(isFull ? 452 : 451, "\(status) <\(address)>: \(status.explanation)")]
    case .hostile: return [.reply(550, Gibberish.hostileText)]
    case .busy: return end([.reply(421, "4.3.2 Too busy, closing"), .close])
    case .garbage: return end([.write(Gibberish.bytes)])
    case .endless: return end([.flood(Array("250-2.1.5 and there is more\r\n".utf8))])
    default: return nil
    }
  }

  mutating func data(_ argument: Substring) -> [SMTPAction] {
    guard argument.isEmpty else { return strike("501 5.5.4 DATA takes no argument") }
    guard let envelope else { return strike("503 5.5.1 MAIL first") }
    guard !envelope.recipients.isEmpty else { return [.reply(554, "5.5.1 No valid recipients")] }
    self.envelope = nil
    phase = .data(DotDecoder(limit: settings.maxMessageSize), envelope)
    return [.dataStarted, .reply(354, "End data with <CR><LF>.<CR><LF>")]
  }

  /// The final dot was read.
  mutating func finish(_ decoder: DotDecoder, _ envelope: Envelope) -> [SMTPAction] {
    if decoder.isTooLong { return [.reply(552, "5.3.4 Message too big")] }
    if decoder.hasBareLineEnds, settings.refusesBareLineEnds {
      return [.reply(550, "5.6.0 Bare CR or LF in message")]
    }
    let behaviour = envelope.dataBehaviour
    if case .refuseAtDot(let status) = behaviour {
      return [.reply(status.statusClass == 5 ? 554 : 451, "\(status) \(status.explanation)")]
    }
    let isUnanswered = [.stallAfterDot, .dropAfterDot, .garbageAfterDot].contains(behaviour)
    let taken = TakenMessage(envelope: envelope, body: decoder.message, isUnanswered: isUnanswered)
    let ok = "250 2.0.0 Ok: queued as S\(String(AcceptedMessage.hash(of: decoder.message), radix: 36).uppercased())\r\n"
    switch behaviour {
    case .stallAfterDot: return end([.take(taken), .note("took it, never replies")])
    case .dropAfterDot: return end([.take(taken), .note("took it, closes without a reply"), .close])
    case .garbageAfterDot: return end([.take(taken), .write(Gibberish.bytes)])
    case .slow: return [.take(taken), .pause(settings.slowDelay), .dribble(Array(ok.utf8))]
    default: return [.take(taken), .pause(settings.dotDelay), .write(Array(ok.utf8))]
    }
  }
}

extension EnvelopePath.Fault {
  var reply: String {
    switch self {
    case .syntax: "501 5.1.3 Address not understood"
    case .tooLong: "501 5.1.3 Address too long"
    case .unknownParameter: "555 5.5.4 Parameter not recognized"
    }
  }
}

extension EnhancedStatus {
  /// The meaning in words for the codes a roster is likely to use (RFC 3463 §3).
  var explanation: String {
    switch (subject, detail) {
    case (1, 1): "Recipient address rejected: User unknown"
    case (1, 2): "Domain not found"
    case (2, 1): "Mailbox disabled"
    case (2, 2): "Mailbox full"
    case (3, 0): "Mail system problem, try again"
    case (3, 4), (2, 3): "Message too big"
    case (4, 1): "No answer from host"
    case (4, 7): "Delivery time expired"
    case (7, 1): statusClass == 4 ? "Greylisted, try again later" : "Message refused by policy"
    default: statusClass == 4 ? "Temporary failure, try again" : "Permanent failure"
    }
  }
}
