import MailModel
import TestSupport
import Testing

@testable import Storage

/// An address is one address, however it is written (RFC 5321 §2.4).
@Suite struct BounceCaseTests {
  private let temporary: TemporaryStore

  init() throws { temporary = try TemporaryStore() }

  private func put(_ recipients: [String], about message: Message? = nil) throws {
    for recipient in recipients {
      try temporary.store.write { (transaction) throws in
        let uid = UInt32(try transaction.bounces.page(BounceQuery(limit: 100)).rows.count + 1)
        let location = MailboxLocation(mailbox: "m@h/INBOX", uidValidity: 1, uid: uid)
        let report = try #require(
          try transaction.reports.store(location, raw: [UInt8(uid)], receivedAt: temporary.now))
        let bounce = NewBounce(
          report: report, message: message, recipient: recipient,
          reported: ReportedRecipient(bounceClass: .soft), kind: .bounce,
          correlation: message == nil ? .none : .token, consequence: "")
        try transaction.bounces.insert([bounce], now: temporary.now)
      }
    }
  }

  @Test func `bounces sorted by recipient are paged in any case, none twice and none missing`() throws {
    try put(["b@x.example", "A@x.example", "B@x.example", "a@x.example", "C@x.example", "B@X.example"])
    var found: [String] = []
    var position = PagePosition.start
    for _ in 0..<3 {
      let page = try temporary.store.read {
        try $0.bounces.page(
          BounceQuery(isDescending: false, sortsByRecipient: true, position: position, limit: 2))
      }
      found += page.rows.map(\.recipient)
      if let last = page.last { position = .after(last) }
    }
    #expect(found == ["A@x.example", "a@x.example", "b@x.example", "B@x.example", "B@X.example", "C@x.example"])
  }

  @Test func `a message whose recipient two reports write differently bounces once`() throws {
    let id = try temporary.enqueue(1) { _ in "Ann@There.example" }[0]
    let message = try #require(try temporary.store.read { try $0.messages.get(id) })
    try put(["Ann@There.example", "ann@there.example"], about: message)
    try temporary.store.read { (transaction) throws in
      #expect(try transaction.accounts.get(message.accountID)?.bounceCount == 1)
      #expect(try transaction.bounces.provenCount(after: temporary.now - .hours(1)) == 1)
      #expect(try transaction.bounces.list(of: id).count == 2)
      let since = temporary.now - .hours(1)
      #expect(try transaction.bounces.softCount(recipient: "ANN@there.example", since: since, besides: nil) == 1)
      #expect(try transaction.bounces.softCount(recipient: "ann@there.example", since: since, besides: id) == 0)
    }
  }
}
