import MailModel
import Storage

/// Asks again for mails that were passed over because the server did not hand them out.
struct UnreadableRetry {
  /// How long a mail is left alone after it was asked for.
  static let interval = Span.hours(1)
  /// Mails asked for again by one scan: each may cost a connection.
  static let most = 10

  let scan: MailboxScan
  let intake: ReportIntake
  let uidValidity: UInt32

  init(_ scan: MailboxScan, _ intake: ReportIntake, uidValidity: UInt32) {
    self.scan = scan
    self.intake = intake
    self.uidValidity = uidValidity
  }

  /// A mail that is read now, or gone, is noted no more. A server that cannot be reached is no failure of the scan, which
  /// is over. - Throws: what goes wrong on our side.
  func run(into summary: inout MailboxScan.Summary) throws {
    let known = try scan.store.read { try $0.unreadableMails.all(of: scan.mailbox.name) }
    guard !known.isEmpty else { return }
    let now = scan.clock.now()
    try scan.store.write { try $0.unreadableMails.removeAll(of: scan.mailbox.name, besides: uidValidity) }
    let due = known.filter {
      $0.location.uidValidity == uidValidity && now - $0.triedAt >= UnreadableRetry.interval
    }
    for mail in due.prefix(UnreadableRetry.most) where !scan.isCancelled() {
      guard let session = try? scan.mailbox.open(anticipating: nil) else { return }
      defer { session.close() }
      guard session.uidValidity == uidValidity else { return }
      try retry(mail, over: session, into: &summary)
    }
  }

  private func retry(
    _ mail: UnreadableMail, over session: any ReportMailboxSession, into summary: inout MailboxScan.Summary
  ) throws {
    let (uid, now) = (mail.location.uid, scan.clock.now())
    let reading = ScanReading(
      scan, session, intake, ScanProgress(mailbox: scan.mailbox.name, first: uid, last: uid, startedAt: now))
    defer { summary.add(reading.taken) }
    do {
      _ = try reading.run { _ in }
      guard reading.reached != nil else { return }
      try scan.store.write { try $0.unreadableMails.remove(mail.location) }
    } catch let fault as MailboxUnavailable {
      guard !scan.isCancelled(), reading.reached == nil else { return }
      var mail = mail
      (mail.reason, mail.triedAt) = (fault.reason, now)
      try scan.store.write { try $0.unreadableMails.note(mail) }
    }
  }
}
