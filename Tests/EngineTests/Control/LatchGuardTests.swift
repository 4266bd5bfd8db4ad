import Foundation
import MailModel
import MailPolicy
import Storage
import Testing

@testable import Engine

/// Obligation (e), the latch file alone: looked for in the transaction of each arm and claim, however late the flag in
/// front of it goes up.
@Suite struct LatchGuardTests {
  /// A stop whose flag goes up by a trip alone: nobody watches the channels, and nobody writes a latch file into the
  /// permit row.
  private func blind(_ place: TestWorkspace) -> EmergencyStop {
    place.open.stop.close()
    return EmergencyStop(
      store: place.store, latch: place.open.stop.latch, clock: place.open.clock, log: place.open.log, isWatching: false)
  }

  private func engine(_ place: TestWorkspace, _ relay: FakeRelay, _ stop: EmergencyStop) -> DeliveryEngine {
    DeliveryEngine(
      store: place.store, stop: stop, relays: RelayDirectory([relay]), clock: place.open.clock,
      settings: DeliverySettings(workers: 1, lease: .seconds(60), retry: .init(), owner: place.open.ownerName()),
      log: place.open.log)
  }

  @Test func `a latch that nobody has noticed denies the arm`() throws {
    let place = try TestWorkspace()
    let stop = blind(place)
    let relay = FakeRelay()
    relay.beforeArm.close()
    try place.enqueue(["ok@there.invalid"])
    let engine = engine(place, relay, stop)
    try engine.start()
    try eventually("it waits before its arm") { relay.beforeArm.waiting == 1 }
    #expect(FileManager.default.createFile(atPath: place.open.workspace.latchPath, contents: nil))
    #expect(!stop.isRaised)
    relay.beforeArm.open()
    try eventually("it is back in the queue, or sent") { try place.count(.queued) + place.count(.sent) == 1 }
    #expect(relay.dots.isEmpty)
    #expect(!stop.isRaised)
    engine.shutDown(patience: .seconds(60))
    stop.close()
  }

  @Test func `a latch that nobody has noticed lets nothing be claimed`() throws {
    let place = try TestWorkspace()
    let stop = blind(place)
    #expect(FileManager.default.createFile(atPath: place.open.workspace.latchPath, contents: nil))
    let id = try place.enqueue(["ok@there.invalid"])[0]
    let relay = FakeRelay()
    let engine = engine(place, relay, stop)
    try engine.start()
    try engine.wakes(place, 2)
    engine.shutDown(patience: .seconds(60))
    #expect(!stop.isRaised)
    stop.close()
    #expect(relay.openCount == 0)
    #expect(try place.message(id).state == .queued)
  }
}
