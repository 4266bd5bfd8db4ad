import MailModel
import Testing

@testable import Storage

/// Held mail of an account is moved ten thousand rows a statement, and none is left over.
@Suite struct HeldPartsTests {
  private let temporary: TemporaryStore

  init() throws {
    temporary = try TemporaryStore()
    try temporary.enqueue(10_050, state: .held)
  }

  private func counts() throws -> [String: Int] {
    try temporary.store.read { try $0.counters.all() }.filter { $0.key.hasPrefix("message.") && $0.value > 0 }
  }

  @Test func `released, and what is suppressed meanwhile is not`() throws {
    let done = try temporary.store.write { (transaction) throws in
      _ = try transaction.suppressions.add(
        [NewSuppression("r7@example.com", reason: "x", source: "")], now: temporary.now)
      return try transaction.messages.releaseAll(account: 1, holdReasonPrefix: nil, now: temporary.now)
    }
    #expect(done == ReleaseCount(released: 10_049, suppressed: 1))
    #expect(try counts() == ["message.queued": 10_049, "message.suppressed": 1])
  }

  @Test func discarded() throws {
    let count = try temporary.store.write {
      try $0.messages.discardAll(account: 1, holdReasonPrefix: "", reason: "y", now: temporary.now)
    }
    #expect(try count == 10_050 && counts() == ["message.cancelled": 10_050])
  }
}
