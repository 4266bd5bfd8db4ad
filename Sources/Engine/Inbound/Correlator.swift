import MailFormats
import MailModel
import Storage

/// Ties a report to a message, surest first: token in an address, ENVID, own header, Message-ID, recipient within a
/// window (DESIGN §6).
struct Correlator: Sendable {
  struct Match {
    var correlation: Correlation
    var message: Message?
  }

  /// How long after sending a report may still be about a message by its recipient alone.
  static let window = Span.days(14)

  let key: VERPKey?

  func match(
    _ report: ClassifiedReport, recipient: ReportedRecipient?, in group: IntakeGroup
  ) throws -> Match {
    let transaction = group.transaction
    if let match = try signed(report, recipient, transaction) { return match }
    if let match = try byMessageID(report, recipient, group) { return match }
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
    for messageID in cited.prefix(20).map(MessageIDText.bracketed) {
      let candidates = try candidates(messageID, group).filter(\.wasAttempted)
      // What was enqueued anew has the id of what it was made of: the last that went out.
      if let message = candidates.last(where: { named.contains($0.recipient.lowercased()) }) {
        return Match(correlation: .messageID, message: message)
      }
      // One recipient only: a forwarder may report under another address. Of several, none may be guessed.
      if let message = candidates.last, candidates.allSatisfy({ $0.recipient == message.recipient }),
        Correlator.isAbout(message, recipient, of: report)
      {
        return Match(correlation: .messageID, message: message)
      }
    }
    return nil
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
