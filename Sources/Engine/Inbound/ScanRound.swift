/// What one pass over all report mailboxes did, one after the other: where one cannot be read the others are.
public struct ScanRound: Sendable {
  public struct Failure: Sendable, CustomStringConvertible {
    public var mailbox: String
    public var error: any Error
    let isOnly: Bool

    public var description: String { isOnly ? "\(error)" : "\(mailbox): \(error)" }
  }

  /// Of all mailboxes that were read.
  public internal(set) var summary = MailboxScan.Summary()
  public internal(set) var failures: [Failure] = []

  /// `3000 new: 2990 bounces, 10 complaints, 4 unmatched; 1 account flagged`.
  public var words: String {
    let intake = summary.intake
    let standings = [
      intake.flagged > 0 ? "\(Amount.words(intake.flagged, "account")) flagged" : nil,
      intake.restricted > 0 ? "\(Amount.words(intake.restricted, "account")) restricted" : nil,
    ].compactMap { $0 }
    return
      "\(summary.fetched) new: \(intake.bounces) bounces, \(intake.complaints) complaints, \(intake.unmatched.count) unmatched"
      + (standings.isEmpty ? "" : "; \(standings.joined(separator: ", "))")
  }
}

extension OpenWorkspace {
  /// Scans report mailboxes one after the other. Blocking.
  ///
  /// - Parameter progress: called after every commit, on the calling thread, with words for people.
  public func scanAll(
    _ mailboxes: [any ReportMailbox], keepsUnseen: Bool, progress: (String) -> Void
  ) -> ScanRound {
    let scans = mailboxes.map { scan($0, keepsUnseen: keepsUnseen) }
    let isOnly = scans.count == 1
    var round = ScanRound()
    for scan in scans {
      do {
        round.summary.add(try scan.run { progress(isOnly ? $0.words : "\($0.mailbox): \($0.words)") })
      } catch {
        round.failures.append(ScanRound.Failure(mailbox: scan.mailbox.name, error: error, isOnly: isOnly))
      }
    }
    return round
  }
}
