import MailModel
import Storage

/// What one pass over all report mailboxes did, one after the other: where one cannot be read the others are.
public struct ScanRound: Sendable {
  public struct Failure: Sendable, CustomStringConvertible {
    public var mailbox: String
    public var error: any Error
    /// New mails that are stored all the same; the round counts what followed from them.
    public var taken: Int
    let isOnly: Bool

    public var description: String {
      let problem = isOnly ? "\(error)" : "\(mailbox): \(error)"
      guard taken > 0 else { return problem }
      let end = problem.hasSuffix(".") ? "" : "."
      let mails = taken == 1 ? "1 new mail was" : "\(taken) new mails were"
      return "\(problem)\(end) Before that \(mails) taken."
    }
  }

  /// Of all mailboxes, as far as they could be read.
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
      "\(summary.fetched) new: \(Amount.words(intake.bounces, "bounce")), "
      + "\(Amount.words(intake.complaints, "complaint")), \(intake.unmatched.count) unmatched"
      + (standings.isEmpty ? "" : "; \(standings.joined(separator: ", "))")
      + (summary.unreadable > 0 ? "; \(Amount.words(summary.unreadable, "mail")) unreadable" : "")
  }
}

/// How far a pass over the report mailboxes is.
public struct RoundProgress: Sendable, Equatable {
  /// For people; with several mailboxes it names the one that is read, last: a narrow screen cuts it off.
  public var words: String
  /// Of the mailbox that is read, from 0 to 1.
  public var share: Double

  public init(words: String, share: Double) {
    self.words = words
    self.share = share
  }
}

extension OpenWorkspace {
  /// Scans report mailboxes one after the other. Blocking.
  ///
  /// - Parameter progress: called after every commit, on the calling thread.
  public func scanAll(
    _ mailboxes: [any ReportMailbox], keepsUnseen: Bool, progress: (RoundProgress) -> Void
  ) -> ScanRound {
    let scans = mailboxes.map { scan($0, keepsUnseen: keepsUnseen) }
    let isOnly = scans.count == 1
    var round = ScanRound()
    for scan in scans {
      let (summary, error) = scan.attempt {
        progress(RoundProgress(words: isOnly ? $0.words : "\($0.words), \($0.mailbox)", share: $0.share))
      }
      round.summary.add(summary)
      if let error {
        round.failures.append(
          ScanRound.Failure(
            mailbox: scan.mailbox.name, error: error, taken: summary.fetched, isOnly: isOnly))
      }
    }
    return round
  }
}
