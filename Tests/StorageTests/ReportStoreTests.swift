import GRDB
import MailModel
import Testing

@testable import Storage

@Suite("Stored reports")
struct ReportStoreTests {
  let temporary: TemporaryStore
  var store: Store { temporary.store }

  init() throws { temporary = try TemporaryStore() }

  private func location(_ uid: UInt32, validity: UInt32 = 1) -> MailboxLocation {
    MailboxLocation(mailbox: "m@h/INBOX", uidValidity: validity, uid: uid)
  }

  @Test("a mail is stored once, also under another UIDVALIDITY (fault 25)")
  func once() throws {
    try store.write { (transaction) throws in
      let reports = transaction.reports
      #expect(try reports.store(location(1), raw: [1], receivedAt: temporary.now) != nil)
      #expect(try reports.store(location(1), raw: [1], receivedAt: temporary.now) == nil)
      #expect(try reports.store(location(2), raw: [1], receivedAt: temporary.now) != nil, "two equal mails are two")
      #expect(try reports.store(location(1, validity: 2), raw: [1], receivedAt: temporary.now) == nil)
      #expect(try reports.store(location(3, validity: 2), raw: [9], receivedAt: temporary.now) != nil)
    }
  }

  @Test("what is flagged is known up to a UID: not beyond what is stored, never back, anew under another UIDVALIDITY")
  func flags() throws {
    try store.write { (transaction) throws in
      let mailboxes = transaction.mailboxes
      func flag(_ upTo: UInt32, validity: UInt32 = 1) throws -> UInt32? {
        try mailboxes.noteFlagged("m@h/INBOX", uidValidity: validity, upTo: upTo)
        return try mailboxes.checkpoint("m@h/INBOX")?.flaggedUID
      }
      #expect(try flag(3) == nil, "nothing is stored")
      try mailboxes.advance("m@h/INBOX", uidValidity: 1, lastUID: 10)
      #expect(try flag(3) == 3)
      #expect(try flag(2) == 3)
      #expect(try flag(9, validity: 2) == 3, "of another UIDVALIDITY")
      try mailboxes.advance("m@h/INBOX", uidValidity: 1, lastUID: 20)
      #expect(try flag(0) == 3)
      #expect(try flag(21) == 20)
      try mailboxes.advance("m@h/INBOX", uidValidity: 1, lastUID: 15)
      #expect(try mailboxes.checkpoint("m@h/INBOX")?.lastUID == 20, "a scanner that comes later and was behind")
      try mailboxes.advance("m@h/INBOX", uidValidity: 2, lastUID: 30)
      #expect(try flag(0, validity: 2) == 0)
      try mailboxes.advance("m@h/INBOX", uidValidity: 3, lastUID: 4)
      #expect(try mailboxes.checkpoint("m@h/INBOX")?.lastUID == 4)
    }
  }

  @Test("the stored UIDs of a range, in their order")
  func stored() throws {
    try store.write { (transaction) throws in
      for uid: UInt32 in [9, 3, 5, 4, 8] {
        _ = try transaction.reports.store(location(uid), raw: [UInt8(uid)], receivedAt: temporary.now)
      }
      func stored(_ uids: ClosedRange<UInt32>, validity: UInt32 = 1, limit: Int = .max) throws -> [UInt32] {
        try transaction.reports.stored(mailbox: "m@h/INBOX", uidValidity: validity, uids: uids, limit: limit)
      }
      #expect(try stored(4...8) == [4, 5, 8])
      #expect(try stored(1...UInt32.max, limit: 2) == [3, 4])
      #expect(try stored(1...9, validity: 2) == [])
    }
  }

  @Test("only proven, undismissed complaints of the window count")
  func complaints() throws {
    let ids = try temporary.enqueue(1)
    try store.write { (transaction) throws in
      let message = try #require(try transaction.messages.get(ids[0]))
      let cases: [(Correlation, Span)] = [
        (.token, .days(1)), (.messageID, .days(29)), (.recipient, .days(1)), (.token, .days(31)),
      ]
      for (index, (correlation, age)) in cases.enumerated() {
        let report = try #require(
          try transaction.reports.store(location(UInt32(index + 1)), raw: [UInt8(index)], receivedAt: temporary.now))
        _ = try transaction.complaints.insert(
          report: report, message: message, recipient: nil, feedbackType: "abuse", correlation: correlation,
          consequence: "", now: temporary.now - age)
      }
      let since = temporary.now - .days(30)
      #expect(try transaction.complaints.countSince(account: message.accountID, since: since) == 2)
      #expect(try transaction.complaints.dismiss(1, version: nil))
      #expect(try transaction.complaints.countSince(account: message.accountID, since: since) == 1)
      #expect(try !transaction.complaints.dismiss(1, version: nil))
    }
  }

  @Test func `a report is handled once, and reading it again forgets only what was not proven`() throws {
    let ids = try temporary.enqueue(1)
    try store.write { (transaction) throws in
      let message = try #require(try transaction.messages.get(ids[0]))
      for (uid, correlation) in [(UInt32(1), Correlation.recipient), (2, .token)] {
        let report = try #require(
          try transaction.reports.store(location(uid), raw: [UInt8(uid)], receivedAt: temporary.now))
        _ = try transaction.complaints.insert(
          report: report, message: message, recipient: nil, feedbackType: "abuse", correlation: correlation,
          consequence: "", now: temporary.now)
        try transaction.bounces.insert(
          [
            NewBounce(
              report: report, message: message, recipient: "r@example.com", reported: ReportedRecipient(),
              kind: .bounce, correlation: correlation, consequence: "")
          ], now: temporary.now)
        try transaction.reports.forgetUnproven(report)
      }
      #expect(try transaction.complaints.page(ComplaintQuery()).rows.map(\.correlation) == [.token])
      #expect(try transaction.bounces.page(BounceQuery()).rows.map(\.correlation) == [.token])
    }
    try temporary.raw().write { try $0.execute(sql: "UPDATE report SET is_unmatched = 1 WHERE id = 1") }
    try store.write { (transaction) throws in
      let drawn = try #require(try transaction.reports.get(1)).version
      #expect(try transaction.reports.handle(1, version: drawn, words: "dismissed by ana"))
      #expect(try !transaction.reports.handle(1, version: drawn, words: "dismissed by ben"))
    }
  }

  @Test func `what is proven and came lately is counted under however much that is not proven`() throws {
    var ids = try temporary.enqueue(9)[...]
    let entered = temporary.now
    try store.write { (transaction) throws in
      var uid: UInt32 = 0
      func put(_ count: Int, _ correlation: Correlation, _ kind: ReportKind = .bounce, at moment: Timestamp) throws {
        for _ in 0..<count {
          uid += 1
          let report = try #require(
            try transaction.reports.store(location(uid), raw: [UInt8(uid % 250)], receivedAt: moment))
          let id = correlation.isProof ? ids.popFirst() : nil
          let message = try id.flatMap { try transaction.messages.get($0) }
          let bounce = NewBounce(
            report: report, message: message, recipient: message?.recipient ?? "r@example.com",
            reported: ReportedRecipient(), kind: kind,
            correlation: correlation, consequence: "")
          try transaction.bounces.insert([bounce], now: moment)
          guard kind == .bounce else { continue }
          _ = try transaction.complaints.insert(
            report: report, message: message, recipient: nil, feedbackType: "abuse", correlation: correlation,
            consequence: "", now: moment)
        }
      }
      try put(2, .token, at: entered - .hours(1))
      try put(3, .header, at: entered + .seconds(9))
      // Begun before the others, and written after them.
      try put(1, .token, at: entered)
      try put(2, .token, .delay, at: entered + .seconds(9))
      try put(300, .none, at: entered + .seconds(9))
      #expect(try transaction.bounces.provenCount(after: entered) == 3)
      #expect(try transaction.complaints.provenCount(after: entered) == 3)
    }
  }
}
