import Engine
import Foundation
import MailModel
import Synchronization

/// Fetches all mails of a report mailbox as a scan does, and neither stores nor flags any.
struct MailboxTrial {
  struct Record: Encodable {
    var mailbox: String
    var fetched: Int
    var bytes: Int
    var seconds: Double
  }

  private let mailbox: any ReportMailbox

  init(_ mailbox: any ReportMailbox) { self.mailbox = mailbox }

  /// - Throws: `MailboxUnavailable`.
  func run(json: Bool) throws {
    let start = DispatchTime.now().uptimeNanoseconds
    let session = try mailbox.open(anticipating: MailboxScan.firstWindow(from: 1))
    defer { session.close() }
    let amount = Mutex((mails: 0, bytes: 0))
    let count: @Sendable (FetchedReport) -> Void = { mail in
      amount.withLock { amount in
        amount.mails += 1
        amount.bytes += mail.raw.count
      }
    }
    if let next = session.uidNext, next > 1 {
      // Nothing is stored: whatever there is waits for the connection.
      try MailboxReader(mailbox, from: 1, through: next - 1).read(
        session, WindowSteps(each: count, ended: { _ in [] }, flagged: { _ in }), isTooSlow: { true },
        second: { WindowSteps(each: count, ended: { _ in [] }, flagged: { _ in }) })
    }
    let (mails, bytes) = amount.withLock { $0 }
    var record = Record(mailbox: mailbox.name, fetched: mails, bytes: bytes, seconds: 0)
    record.seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    if json { return try Output.json(record) }
    let rate = Int(Double(record.fetched) / max(record.seconds, 0.001))
    Output.line(
      "\(record.mailbox): \(Amount.words(record.fetched, "mail")), \(record.bytes) bytes, \(rate)/s; nothing stored or flagged"
    )
  }
}
