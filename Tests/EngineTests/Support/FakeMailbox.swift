import Engine
import MailFormats
import MailModel
import Synchronization

/// A report mailbox in memory that can be made to fail at any step.
final class FakeMailbox: ReportMailbox {
  struct Mail: Sendable {
    var uid: UInt32
    var raw: [UInt8]
    var isSeen = false
  }

  struct Content: Sendable {
    var uidValidity: UInt32 = 7
    var mails: [Mail] = []
    var nextUID: UInt32 = 1
    /// What the server claims; `nil` for the truth.
    var claimedUIDNext: UInt32??
    var failsToOpen = false
    var failsToFlag = false
    var fetched = 0
    /// The connection breaks after so many mails.
    var breaksAfter: Int?
    /// Gone when they are asked for.
    var expunged: Set<UInt32> = []
    /// What each scan asked for along with the opening.
    var anticipated: [ClosedRange<UInt32>?] = []
  }

  let name: String
  let content = Mutex(Content())

  init(_ name: String = "reports@test/INBOX") { self.name = name }

  func put(_ raw: [UInt8]) {
    content.withLock { content in
      content.mails.append(Mail(uid: content.nextUID, raw: raw))
      content.nextUID += 1
    }
  }

  /// The server made the mailbox anew: the same mails under other numbers.
  func renumber() {
    content.withLock { content in
      content.uidValidity += 1
      content.nextUID = 1
      for index in content.mails.indices {
        content.mails[index].uid = content.nextUID
        content.nextUID += 1
      }
    }
  }

  var seen: [UInt32] { content.withLock { $0.mails.filter(\.isSeen).map(\.uid) } }

  func open(anticipating uids: ClosedRange<UInt32>?) throws -> any ReportMailboxSession {
    content.withLock { $0.anticipated.append(uids) }
    if content.withLock({ $0.failsToOpen }) { throw MailboxUnavailable(reason: "login refused") }
    return Session(self)
  }

  private final class Session: ReportMailboxSession {
    private let mailbox: FakeMailbox
    init(_ mailbox: FakeMailbox) { self.mailbox = mailbox }

    var uidValidity: UInt32 { mailbox.content.withLock { $0.uidValidity } }
    var uidNext: UInt32? { mailbox.content.withLock { $0.claimedUIDNext ?? $0.nextUID } }

    func fetch(_ uids: ClosedRange<UInt32>, each: (FetchedReport) throws -> Void) throws {
      let mails = mailbox.content.withLock { $0.mails }
      for mail in mails where uids.contains(mail.uid) {
        let (isGone, breaks) = mailbox.content.withLock { content in
          if content.expunged.contains(mail.uid) { return (true, false) }
          content.fetched += 1
          return (false, content.breaksAfter.map { content.fetched > $0 } ?? false)
        }
        if isGone { continue }
        if breaks { throw MailboxUnavailable(reason: "the connection broke") }
        try each(FetchedReport(uid: mail.uid, isSeen: mail.isSeen, raw: mail.raw))
      }
    }

    func markSeen(_ uids: [UInt32]) throws {
      try mailbox.content.withLock { content in
        if content.failsToFlag { throw MailboxUnavailable(reason: "the connection broke") }
        for index in content.mails.indices where uids.contains(content.mails[index].uid) {
          content.mails[index].isSeen = true
        }
      }
    }

    func close() {}
  }
}
