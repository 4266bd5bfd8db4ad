import Dispatch
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
    var arrivedAt = Timestamp(seconds: 0)
  }

  struct Content: Sendable {
    var uidValidity: UInt32 = 7
    var mails: [Mail] = []
    var nextUID: UInt32 = 1
    /// What the server claims; `nil` for the truth.
    var claimedUIDNext: UInt32??
    var failsToOpen = false
    var failsToFlag = false
    var isReadOnly = false
    var fetched = 0
    /// The connection breaks after so many mails.
    var breaksAfter: Int?
    /// Listed, and never handed out: the connection breaks when one of these is asked for.
    var damaged: Set<UInt32> = []
    /// Called with each of them, such as to let time go by.
    var onDamaged: (@Sendable () -> Void)?
    /// The next so many windows break off before their first mail.
    var breaks = 0
    /// Gone when they are asked for.
    var expunged: Set<UInt32> = []
    /// Windows that the first connection has given.
    var windows = 0
    /// After so many windows the first connection gives nothing before the second one is asked for a mail, or has gone.
    var waitsForSecondAfter: Int?
    var secondFailsToOpen = false
    /// What the second connection claims; `nil` for the truth.
    var secondUIDValidity: UInt32?
    /// The second connection breaks after so many mails.
    var secondBreaksAfter: Int?
    var fetchedBySecond = 0
    /// What each scan asked for along with the opening.
    var anticipated: [ClosedRange<UInt32>?] = []
  }

  let name: String
  let content = Mutex(Content())
  fileprivate let secondCame = DispatchSemaphore(value: 0)

  let isPersonal: Bool

  init(_ name: String = "reports@test/INBOX", isPersonal: Bool = false) {
    self.name = name
    self.isPersonal = isPersonal
  }

  func put(_ raw: [UInt8], at moment: Timestamp = Timestamp(seconds: 0)) {
    content.withLock { content in
      content.mails.append(Mail(uid: content.nextUID, raw: raw, arrivedAt: moment))
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
    return Session(self, isSecond: false)
  }

  func openForReading() throws -> any ReportMailboxSession {
    if content.withLock({ $0.secondFailsToOpen }) {
      secondCame.signal()
      throw MailboxUnavailable(reason: "too many connections")
    }
    return Session(self, isSecond: true)
  }

  private final class Session: ReportMailboxSession {
    private let mailbox: FakeMailbox
    private let isSecond: Bool

    init(_ mailbox: FakeMailbox, isSecond: Bool) {
      self.mailbox = mailbox
      self.isSecond = isSecond
    }

    var uidValidity: UInt32 {
      mailbox.content.withLock { isSecond ? $0.secondUIDValidity ?? $0.uidValidity : $0.uidValidity }
    }
    var uidNext: UInt32? { mailbox.content.withLock { $0.claimedUIDNext ?? $0.nextUID } }

    var isReadOnly: Bool { mailbox.content.withLock { $0.isReadOnly } }

    func fetchWindows(_ next: @escaping () -> ClosedRange<UInt32>?, _ steps: WindowSteps) throws {
      while let window = next() {
        try fetch(window, each: steps.each)
        let uids = try steps.ended(window)
        guard !uids.isEmpty else { continue }
        try markSeen(uids)
        try steps.flagged(uids)
      }
    }

    func close(flagging uids: [UInt32]) throws {
      if !uids.isEmpty { try markSeen(uids) }
      close()
    }

    private func fetch(_ uids: ClosedRange<UInt32>, each: (FetchedReport) throws -> Void) throws {
      let mails = meet()
      let breaks = mailbox.content.withLock { content in
        defer { content.breaks = max(0, content.breaks - 1) }
        return content.breaks > 0
      }
      if breaks { throw MailboxUnavailable(reason: "the connection broke") }
      for mail in mails where uids.contains(mail.uid) {
        if mailbox.content.withLock({ $0.damaged.contains(mail.uid) }) {
          mailbox.content.withLock { $0.onDamaged }?()
          throw MailboxUnavailable(reason: "refused UID FETCH: mail \(mail.uid) is damaged")
        }
        let (isGone, breaks) = mailbox.content.withLock { content in
          if content.expunged.contains(mail.uid) { return (true, false) }
          content.fetched += 1
          guard isSecond else { return (false, content.breaksAfter.map { content.fetched > $0 } ?? false) }
          content.fetchedBySecond += 1
          return (false, content.secondBreaksAfter.map { content.fetchedBySecond > $0 } ?? false)
        }
        if isGone { continue }
        if breaks { throw MailboxUnavailable(reason: "the connection broke") }
        try each(FetchedReport(uid: mail.uid, raw: mail.raw))
      }
    }

    /// Waits for the other connection where that was asked for. - Returns: all mails.
    private func meet() -> [Mail] {
      if isSecond {
        mailbox.secondCame.signal()
        return mailbox.content.withLock { $0.mails }
      }
      let (mails, waits) = mailbox.content.withLock { content in
        defer { content.windows += 1 }
        return (content.mails, content.waitsForSecondAfter == content.windows)
      }
      if waits { mailbox.secondCame.wait() }
      return mails
    }

    func firstUID(since day: Timestamp) throws -> UInt32? {
      mailbox.content.withLock { $0.mails.filter { $0.arrivedAt >= day }.map(\.uid).min() }
    }

    func markSeen(_ uids: [UInt32]) throws {
      precondition(!isSecond, "the second connection is for reading")
      try mailbox.content.withLock { content in
        if content.failsToFlag { throw MailboxUnavailable(reason: "the connection broke") }
        for index in content.mails.indices where uids.contains(content.mails[index].uid) {
          content.mails[index].isSeen = true
        }
      }
    }

    func close() { if isSecond { mailbox.secondCame.signal() } }
  }
}
