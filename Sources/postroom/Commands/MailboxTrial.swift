import Engine
import Foundation

/// Fetches all mails of a report mailbox as a scan does, and neither stores nor flags any.
struct MailboxTrial {
  struct Record: Encodable {
    var mailbox: String
    var fetched: Int
    var bytes: Int
    var seconds: Double
  }

  /// UIDs of one command.
  static let window: UInt32 = 500

  private let mailbox: IMAPReportMailbox

  init(_ mailbox: IMAPReportMailbox) { self.mailbox = mailbox }

  /// - Throws: `MailboxUnavailable`.
  func run(json: Bool) throws {
    let start = DispatchTime.now().uptimeNanoseconds
    let session = try mailbox.open(anticipating: 1...Self.window)
    defer { session.close() }
    var record = Record(mailbox: mailbox.name, fetched: 0, bytes: 0, seconds: 0)
    var next: UInt32? = 1
    let last = (session.uidNext ?? 1) - 1
    try session.fetchWindows(
      WindowSteps(
        next: {
          guard let first = next, first <= last else { return nil }
          let end = last - first < Self.window ? last : first + Self.window - 1
          next = end < last ? end + 1 : nil
          return first...end
        },
        each: { mail in
          record.fetched += 1
          record.bytes += mail.raw.count
        }, ended: { _ in [] }, flagged: { _ in }))
    record.seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    if json { return try Output.json(record) }
    let rate = Int(Double(record.fetched) / max(record.seconds, 0.001))
    Output.line(
      "\(record.mailbox): \(record.fetched) mails, \(record.bytes) bytes, \(rate)/s; nothing stored or flagged")
  }
}
