import Foundation
import MailModel
import Testing

@testable import Storage

/// The store does what the model says: every arrow from every state, under the right and under a stale epoch.
@Suite struct ConformanceTests {
  /// A row brought to a state on the arrows of life, under epoch 1 or 2.
  private func bring(_ temporary: TemporaryStore, to state: MessageState, epoch: Int64) throws -> Message.ID {
    let id = try temporary.enqueue(1)[0]
    let now = temporary.now
    try temporary.store.write { transaction in
      func take() throws {
        _ = try transaction.messages.claim(limit: 1, owner: "e", now: now, leaseUntil: now + .seconds(60))
      }
      func end(_ arrow: MessageTransition, _ epoch: Int64) throws {
        let isTaken = try transaction.messages.finish(
          Lease(id: id, epoch: epoch), transition: arrow, reason: "", now: now, nextAttemptAt: nil,
          countsAttempt: false)
        #expect(isTaken)
      }
      for number in 1..<epoch {
        try take()
        try end(.giveBack, number)
      }
      if state != .queued { try take() }
      if [.armed, .sent, .uncertain].contains(state) {
        _ = try transaction.messages.arm(
          [Lease(id: id, epoch: epoch)], owner: "e", now: now, leaseUntil: now + .seconds(60))
      }
      switch state {
      case .queued, .leased, .armed: break
      case .sent: try end(.accept, epoch)
      case .failed: try end(.refuse, epoch)
      case .uncertain: try end(.doubt, epoch)
      case .held: try end(.hold, epoch)
      case .suppressed: try end(.suppress, epoch)
      case .cancelled, .expired:
        try end(.giveBack, epoch)
        try end(state == .cancelled ? .cancel : .expire, epoch)
      }
      #expect(try transaction.messages.get(id)?.state == state)
    }
    return id
  }

  @Test("every arrow is a compare-and-set on state and epoch", arguments: MessageState.allCases)
  func arrows(_ state: MessageState) throws {
    for arrow in MessageTransition.allCases where arrow != .claim && arrow != .arm {
      for isStale in [false, true] {
        let temporary = try TemporaryStore()
        let id = try bring(temporary, to: state, epoch: 2)
        let epoch = try #require(try temporary.store.read { try $0.messages.get(id) }).epoch
        let isTaken = try temporary.store.write {
          try $0.messages.finish(
            Lease(id: id, epoch: isStale ? epoch - 1 : epoch), transition: arrow, reason: "", now: temporary.now,
            nextAttemptAt: nil, countsAttempt: false)
        }
        let expected = isStale ? nil : state.after(arrow)
        #expect(isTaken == (expected != nil), "\(arrow) from \(state), stale: \(isStale)")
        let now = try temporary.store.read { try $0.messages.get(id)?.state }
        #expect(now == expected ?? state, "\(arrow) from \(state), stale: \(isStale)")
      }
    }
  }

  @Test("the arm needs state, epoch and owner", arguments: MessageState.allCases)
  func arm(_ state: MessageState) throws {
    for (epoch, owner) in [(Int64(2), "e"), (1, "e"), (2, "other")] {
      let temporary = try TemporaryStore()
      let id = try bring(temporary, to: state, epoch: 2)
      let verdicts = try temporary.store.write {
        try $0.messages.arm(
          [Lease(id: id, epoch: epoch)], owner: owner, now: temporary.now, leaseUntil: temporary.now + .seconds(60))
      }
      let mayArm = state == .leased && epoch == 2 && owner == "e"
      #expect((verdicts[id] == .armed) == mayArm, "\(state) \(epoch) \(owner)")
      let now = try temporary.store.read { try $0.messages.get(id)?.state }
      #expect(now == (mayArm ? .armed : state))
    }
  }

  @Test("only queued messages are claimed, each once, under a new epoch", arguments: MessageState.allCases)
  func claim(_ state: MessageState) throws {
    let temporary = try TemporaryStore()
    let id = try bring(temporary, to: state, epoch: 2)
    let before = try temporary.store.read { try $0.messages.get(id)?.epoch }
    let claimed = try temporary.store.write {
      try $0.messages.claim(limit: 9, owner: "x", now: temporary.now + .days(1), leaseUntil: temporary.now + .days(2))
    }
    #expect(claimed.map(\.id) == (state == .queued ? [id] : []))
    #expect(claimed.map(\.epoch) == (state == .queued ? [(before ?? 0) + 1] : []))
  }
}
