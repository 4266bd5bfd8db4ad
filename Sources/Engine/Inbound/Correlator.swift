import MailFormats
import MailModel
import Storage

/// Ties a report to a message, surest first: token in an address, ENVID, own header, Message-ID, recipient within a
/// window (DESIGN §6).
struct Correlator: Sendable {
  struct Match {
    var correlation: Correlation
    var message: Message?
    /// Whether no other message, such as the one that it was made of, may be meant instead.
    var isSure = true
  }

  /// How long after sending a report may still be about a message by its recipient alone.
  static let window = Span.days(14)

  /// Recipients of one report that are looked for by themselves; a report may name hundreds, and none of it is proof.
  static let searchedRecipients = 20

  let key: VERPKey?
  /// Whether what we send carries tokens (`BOUNCE_ADDRESS`).
  var signs = true

  /// - Parameter searches: whether to look for the recipient's last message where nothing else ties it.
  func match(
    _ report: ClassifiedReport, recipient: ReportedRecipient?, in group: IntakeGroup, searches: Bool = true
  ) throws -> Match {
    let transaction = group.transaction
    if let match = try signed(report, recipient, transaction) { return match }
    if let match = try byMessageID(report, recipient, group) { return match }
    guard searches else { return Match(correlation: .none, message: nil) }
    let since = group.now - Correlator.window
    for address in recipient?.names ?? [] {
      if let message = try transaction.messages.find(recipient: address, sentAfter: since).first {
        return Match(correlation: .recipient, message: message)
      }
    }
    return Match(correlation: .none, message: nil)
  }

  /// What only we can have signed, wherever it came back.
  private func signed(
    _ report: ClassifiedReport, _ recipient: ReportedRecipient?, _ transaction: Transaction
  ) throws -> Match? {
    guard let key else { return nil }
    let places: [(Correlation, [String])] = [
      (.token, report.tokenCandidates), (.envelopeID, [report.envelopeID].compactMap { $0 }),
      (.header, [report.ownHeader].compactMap { $0 }),
    ]
    for (correlation, texts) in places {
      guard let id = VERPAddress.findMessageID(in: texts, key: key), let message = try transaction.messages.get(id),
        message.wasAttempted, Correlator.isAbout(message, recipient, of: report)
      else { continue }
      return Match(correlation: correlation, message: message)
    }
    return nil
  }

  private func byMessageID(
    _ report: ClassifiedReport, _ recipient: ReportedRecipient?, _ group: IntakeGroup
  ) throws -> Match? {
    let isAnswer = report.kind.isAnswer
    // An answer names no recipient, but whoever sent it tells which of several rows with the cited Message-ID it is about.
    let named = recipient?.names ?? (isAnswer ? [ReportRule.sender(of: report.from)] : [])
    let returned = [report.originalMessageID, report.enclosedMessageID].compactMap { $0 }
    let cited = returned + (isAnswer ? report.references : [])
    for messageID in Correlator.surestFirst(cited) {
      let candidates = try candidates(messageID, group).filter(\.wasAttempted)
      let isAddressed = { (message: Message) in named.contains(message.recipient.lowercased()) }
      // What was enqueued anew has the id of what it was made of: the last that went out, and a report about the other
      // may come late.
      if let message = candidates.last(where: isAddressed) {
        let addressed = candidates.count == 1 ? 1 : candidates.count(where: isAddressed)
        // An id that several got proves little: each of them could tell tales of the others (fault 29). Without tokens
        // there is nothing better.
        let isShared = signs && !isAnswer && addressed < candidates.count
        return Match(correlation: isShared ? .recipient : .messageID, message: message, isSure: addressed == 1)
      }
      // One recipient only: a forwarder may report under another address. Of several, none may be guessed.
      if let message = candidates.last,
        candidates.allSatisfy({ $0.recipient.lowercased() == message.recipient.lowercased() }),
        Correlator.isAbout(message, recipient, of: report)
      {
        return Match(correlation: .messageID, message: message, isSure: candidates.count == 1)
      }
    }
    return nil
  }

  /// A provider gives every message an id of its own, ours is shared by all recipients of a mail.
  private static func surestFirst(_ cited: [String]) -> [String] {
    let ids = cited.prefix(20).map(MessageIDText.bracketed)
    guard ids.count > 1 else { return ids }
    return ids.filter { ProviderID.inside($0) != nil } + ids.filter { ProviderID.inside($0) == nil }
  }

  /// Messages with this id: ours, or the one that a provider gave in its reply and put in place of ours.
  private func candidates(_ messageID: String, _ group: IntakeGroup) throws -> [Message] {
    let own = try group.messages(messageID)
    guard own.isEmpty, let providerID = ProviderID.inside(messageID) else { return own }
    return try group.transaction.messages.find(providerID: providerID)
  }
}

extension Correlator {
  /// A report that names our recipient beside others is about our message only where it names them: what it says of
  /// the others is no reason to suppress ours.
  private static func isAbout(_ message: Message, _ recipient: ReportedRecipient?, of report: ClassifiedReport) -> Bool
  {
    guard let recipient else { return true }
    let ours = message.recipient.lowercased()
    return recipient.names.contains(ours) || !report.recipients.contains { $0.names.contains(ours) }
  }
}

extension ReportedRecipient {
  /// The addresses it goes by, lower case, the one we sent to first.
  var names: [String] { [originalRecipient, expandedFrom, finalRecipient].compactMap { $0?.lowercased() } }
}

extension Message {
  /// Whether anything of it can have reached a server: only then can a report be about it.
  var wasAttempted: Bool { attemptCount > 0 || [.armed, .sent, .uncertain, .failed].contains(state) }
}
