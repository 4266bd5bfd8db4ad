import Foundation
import MailModel
import MailPolicy
import Storage
import Testing

@testable import Engine

/// Obligation (d): after a crash only dots without a reply are in doubt, however many messages were armed ahead.
@Suite struct JournalRecoveryTests {
  /// Four messages armed by a dead engine: one with a dot and no reply, one with a reply, one cut before its dot, one that
  /// no connection took.
  private func recovered(_ place: TestWorkspace, isAlive: Bool = false) throws -> [MessageState] {
    let ids = try place.enqueue([
      "ok.a@there.invalid", "ok.b@there.invalid", "ok.c@there.invalid", "ok.d@there.invalid",
    ])
    let now = place.open.clock.now()
    let folder = place.open.workspace.journalFolder
    var journal: DotJournal? = try DotJournal(folder: folder, owner: "dead")
    let leases = try place.store.write { transaction in
      let claimed = try transaction.messages.claim(
        limit: 4, owner: "dead", now: now, leaseUntil: now - .minutes(1))
      let leases = claimed.map { Lease(id: $0.id, epoch: $0.epoch) }
      _ = try transaction.messages.arm(leases, owner: "dead", now: now, leaseUntil: now - .minutes(1))
      return leases
    }
    _ = journal?.begin(leases[0], now: now)
    if let entry = journal?.begin(leases[1], now: now) {
      journal?.conclude(
        entry,
        .replied(
          ServerReply(code: 250, enhancedStatus: EnhancedStatus(2, 0, 0), text: "ok"), renderedAt: now, armedAt: now,
          repliedAt: now))
    }
    if let entry = journal?.begin(leases[2], now: now) { journal?.conclude(entry, .notSent) }
    if !isAlive { journal = nil }
    defer { withExtendedLifetime(journal) {} }
    let relay = FakeRelay()
    relay.setDown(true)
    let engine = DeliveryEngine(
      store: place.store, stop: place.open.stop, relays: RelayDirectory([relay]), clock: place.open.clock,
      settings: DeliverySettings(
        workers: 1, lease: .seconds(60), retry: RetrySchedule(), owner: place.open.ownerName(), journalFolder: folder),
      log: place.open.log)
    try engine.start()
    try eventually("the leases are recovered") { try place.count(.armed) == 0 }
    engine.shutDown(patience: .seconds(60))
    #expect(relay.dots.isEmpty)
    return try ids.map { try place.message($0).state }
  }

  @Test func `a dead engine's journal tells dots apart`() throws {
    let place = try TestWorkspace()
    #expect(try recovered(place) == [.uncertain, .sent, .queued, .queued])
    #expect(try place.permit().lastAcceptedAt != nil)
  }

  @Test func `a living engine's journal says nothing: all are in doubt`() throws {
    let place = try TestWorkspace()
    #expect(try recovered(place, isAlive: true) == [.uncertain, .uncertain, .uncertain, .uncertain])
  }
}
