import MailModel
import Testing

@testable import Storage

/// What waits for a scope, and what is under way for an inbox.
@Suite struct ThrottleStoreTests {
  private let place: TemporaryStore

  init() throws { place = try TemporaryStore() }

  @Test func `what waits for a woken scope comes back some at a time, and none is forgotten`() throws {
    let scope = ShapingScope(.destination, "example.com")
    let other = ShapingScope(.campaign, "autumn")
    let later = place.now + .hours(3)
    let ids = try place.enqueue(6)
    let released = try place.store.write { transaction in
      for id in ids { try transaction.messages.wait(id, later, id == ids[5] ? other : scope, "limited") }
      try transaction.throttles.wake(scope)
      return try (0..<3).map { _ in try transaction.throttles.release(now: place.now, limit: 2) }
    }
    #expect(released == [2, 2, 1])
    try place.store.write { (transaction) throws in
      #expect(try !transaction.throttles.hasWoken() && transaction.throttles.release(now: place.now, limit: 2) == 0)
      #expect(try transaction.throttles.waitedFor() == [other])
      #expect(try transaction.throttles.waiting(for: scope) == 0)
      #expect(try transaction.throttles.waitingSpan(for: other)?.first == later)
    }
  }

  @Test func `what an inbox has leased is counted until it is armed`() throws {
    let inbox = try place.store.write {
      try $0.inboxes.add(
        NewInbox(
          address: "news@example.org", displayName: "", smtp: InboxStoreTests.server, imap: nil, startedAt: place.now))
    }
    try place.enqueue(3)
    try place.enqueue(1, account: "other@example.org")
    let until = place.now + .seconds(60)
    func leased() throws -> Int { try place.store.read { try $0.throttles.leased(inbox: inbox.id) } }
    let claimed = try place.store.write {
      try $0.messages.claim(limit: 9, owner: "engine", now: place.now, leaseUntil: until)
    }
    #expect(try claimed.count == 4 && leased() == 3)
    _ = try place.store.write {
      try $0.messages.arm(
        claimed.prefix(2).map { Lease(id: $0.id, epoch: $0.epoch) }, owner: "engine", now: place.now, leaseUntil: until)
    }
    #expect(try leased() == 1)
  }
}
