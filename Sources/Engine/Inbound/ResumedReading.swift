import MailModel
import Storage

/// Reads on where a reading broke off, over connections of its own, and narrows down to a mail that the server lists and
/// does not hand out: it says no, breaks the connection or falls silent. Such a mail is passed over, so that one damaged
/// mail keeps no report behind it from being read.
///
/// It is passed over for good only once the server has handed out another one after it: a server that is in trouble as a
/// whole moves no checkpoint. Used by one thread; flags nothing.
final class ResumedReading {
  /// How often a scan reaches for the server anew.
  static let mostAttempts = 64
  /// Mails passed over in a row before the server counts as one that hands out nothing.
  static let mostUnproven = 5
  /// How long a server may hand out nothing: other mailboxes wait meanwhile, and each silence lasts as long as a command
  /// may take.
  static let patience = Span.minutes(10)
  /// By how much narrower windows become with each failure.
  private static let step: UInt32 = 8

  private let scan: MailboxScan
  private let intake: ReportIntake
  private let uidValidity: UInt32
  /// Why the reading broke off, the last time.
  private var fault: MailboxUnavailable
  private var progress: ScanProgress
  /// The first UID to be read; `nil` when all are.
  private var next: UInt32?
  /// So many UIDs from ``next`` on hold the one that is not handed out; `nil` when nothing is known.
  private var suspects: UInt32?
  private var unproven: [UnreadableMail] = []
  /// When something was read the last time.
  private var readAt: Timestamp
  private(set) var taken = MailboxScan.Summary()

  /// - Parameter reading: what broke off, with `fault`.
  init(_ scan: MailboxScan, _ intake: ReportIntake, after reading: ScanReading, _ fault: MailboxUnavailable) {
    self.scan = scan
    self.intake = intake
    self.fault = fault
    uidValidity = reading.uidValidity
    progress = reading.progress
    readAt = scan.clock.now()
    next = reading.uids.lowerBound
    advance(past: reading.reached)
    suspects = reading.width
  }

  /// - Throws: the fault, where the server cannot be reached, hands out nothing more, or goes on failing.
  func run(ended: @escaping (ScanProgress) -> Void) throws {
    // All was taken: what failed is something else.
    if next == nil { throw fault }
    for _ in 0..<ResumedReading.mostAttempts {
      guard let first = next, unproven.count < ResumedReading.mostUnproven, !scan.isCancelled() else {
        return try end()
      }
      try read(part(from: first), ended)
      if scan.clock.now() - readAt >= ResumedReading.patience { break }
    }
    guard next == nil else { throw fault }
    try end()
  }

  private func part(from first: UInt32) -> ScanReading.Part {
    guard let suspects else {
      return ScanReading.Part(uids: first...progress.last, width: nil, unproven: unproven)
    }
    let last = progress.last - first < suspects ? progress.last : first + (suspects - 1)
    return ScanReading.Part(
      uids: first...last, width: max(1, suspects / ResumedReading.step), unproven: unproven)
  }

  private func read(_ part: ScanReading.Part, _ ended: @escaping (ScanProgress) -> Void) throws {
    let session = try reopen()
    defer { session.close() }
    let reading = ScanReading(scan, session, intake, progress, part: part, flags: false)
    defer {
      taken.add(reading.taken)
      progress = reading.progress
      if reading.reached != nil { readAt = scan.clock.now() }
    }
    do {
      _ = try reading.run(ended: ended)
      (unproven, suspects) = (reading.unproven, nil)
      advance(past: reading.reached)
    } catch let fault as MailboxUnavailable {
      (self.fault, unproven) = (fault, reading.unproven)
      narrow(after: reading, part)
    }
  }

  private func reopen() throws -> any ReportMailboxSession {
    guard let session = try? scan.mailbox.open(anticipating: nil) else { throw fault }
    guard session.uidValidity == uidValidity else {
      session.close()
      throw fault
    }
    return session
  }

  private func narrow(after reading: ScanReading, _ part: ScanReading.Part) {
    advance(past: reading.reached)
    if part.uids.count == 1, reading.reached == nil {
      let now = scan.clock.now()
      let location = MailboxLocation(
        mailbox: scan.mailbox.name, uidValidity: uidValidity, uid: part.uids.lowerBound)
      unproven.append(UnreadableMail(location: location, reason: fault.reason, since: now, triedAt: now))
      advance(past: part.uids.lowerBound)
      suspects = nil
    } else {
      suspects = reading.width
    }
  }

  private func advance(past uid: UInt32?) {
    guard let uid else { return }
    next = uid < progress.last ? uid + 1 : nil
  }

  /// - Throws: the fault, where the server has handed out nothing after it: nothing proves that it can.
  private func end() throws {
    guard let mail = unproven.first, !scan.isCancelled() else { return }
    throw MailboxUnavailable(reason: "the mail with the UID \(mail.location.uid) cannot be read: \(mail.reason)")
  }
}
