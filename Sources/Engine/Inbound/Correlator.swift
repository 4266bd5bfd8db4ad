import MailFormats
import MailModel
import Storage

/// Ties a report to a message: signed token, then Message-ID, then recipient within a window (DESIGN §6).
struct Correlator: Sendable {
  struct Match {
    var correlation: Correlation
    var message: Message?
  }

  /// How long after sending a report may still be about a message by its recipient alone.
  static let window = Span.days(14)

  let key: VERPKey?

  func match(
    _ report: ClassifiedReport, recipient: ReportedRecipient?, now: Timestamp, in transaction: Transaction
  ) throws -> Match {
    if let key, let id = VERPAddress.findMessageID(in: report.tokenCandidates, key: key),
      let message = try transaction.messages.get(id), message.wasAttempted,
      Correlator.isAbout(message, recipient, of: report)
    {
      return Match(correlation: .token, message: message)
    }
    let named = recipient?.names ?? []
    let cited = [report.originalMessageID].compactMap { $0 } + (report.kind == .reply ? report.references : [])
    for messageID in cited.prefix(20) {
      let candidates = try transaction.messages.find(messageID: messageID).filter(\.wasAttempted)
      if let message = candidates.first(where: { named.contains($0.recipient.lowercased()) }) {
        return Match(correlation: .messageID, message: message)
      }
      // One recipient only: a forwarder may report under another address. Of several, none may be guessed.
      if candidates.count == 1, Correlator.isAbout(candidates[0], recipient, of: report) {
        return Match(correlation: .messageID, message: candidates[0])
      }
    }
    for address in named {
      if let message = try transaction.messages.find(recipient: address, sentAfter: now - Correlator.window).first {
        return Match(correlation: .recipient, message: message)
      }
    }
    return Match(correlation: .none, message: nil)
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
  fileprivate var names: [String] { [originalRecipient, expandedFrom, finalRecipient].compactMap { $0?.lowercased() } }
}

extension Message {
  /// Whether anything of it can have reached a server: only then can a report be about it.
  fileprivate var wasAttempted: Bool {
    attemptCount > 0 || [.armed, .sent, .uncertain, .failed].contains(state)
  }
}
