import GRDB
import MailModel
import TestSupport
import Testing

@testable import Storage

@Suite("Counters equal what counting finds")
struct CounterTests {
  @Test("after a random walk over every arrow", arguments: [1, 2, 3])
  func randomWalk(_ seed: UInt64) throws {
    let temporary = try TemporaryStore()
    let now = temporary.now
    var generator = SeededGenerator(seed: seed)
    try temporary.enqueue(60)
    try temporary.enqueue(10, account: "b@example.org")
    for step in 0..<400 {
      try temporary.store.write { (transaction) throws in
        let id = Int64(generator.next() % 70) + 1
        guard let message = try transaction.messages.get(id) else { return }
        let lease = Lease(id: id, epoch: message.epoch)
        switch generator.next() % 8 {
        case 0: _ = try transaction.messages.claim(limit: 3, owner: "e", now: now, leaseUntil: now + .seconds(9))
        case 1: _ = try transaction.messages.arm([lease], owner: "e", now: now, leaseUntil: now + .seconds(9))
        case 2: _ = try transaction.suppressions.add(message.recipient, reason: "x", source: "", now: now)
        case 3: _ = try transaction.suppressions.remove(message.recipient)
        case 4:
          let standing = AccountStanding.allCases[Int(generator.next() % 3)]
          _ = try transaction.accounts.setStanding(1, version: nil, standing: standing, reason: "", now: now)
        default:
          let transition = MessageTransition.allCases[Int(generator.next() % UInt64(MessageTransition.allCases.count))]
          guard transition != .claim, transition != .arm else { return }
          _ = try transaction.messages.finish(
            lease, transition: transition, reason: "step \(step)", now: now, nextAttemptAt: nil, countsAttempt: false)
        }
      }
    }
    try compare(temporary)
  }

  private func compare(_ temporary: TemporaryStore) throws {
    let counters = try temporary.store.read { try $0.counters.all() }
    let queue = try temporary.raw()
    for state in MessageState.allCases {
      let counted = try queue.read { db in
        try Int.fetchOne(db, sql: "SELECT count(*) FROM message WHERE state = ?", arguments: [state.rawValue])
      }
      #expect(counters["message.\(state.rawValue)"] == counted, "\(state)")
    }
    for standing in AccountStanding.allCases {
      let counted = try queue.read { db in
        try Int.fetchOne(db, sql: "SELECT count(*) FROM account WHERE standing = ?", arguments: [standing.rawValue])
      }
      #expect(counters["account.\(standing.rawValue)"] == counted, "\(standing)")
    }
    let suppressed = try queue.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM suppression") }
    #expect(counters["suppression"] == suppressed)
  }
}
