import Dispatch
import Foundation
import GRDB
import MailModel
import MailPolicy
import Storage
import Synchronization
import Testing

@testable import Engine

/// The emergency stop: both channels, from every side (DESIGN §5, obligation e).
@Suite(.serialized) struct StopTests {
  @Test func `at full speed with 16 connections: nothing is armed after the stop, nothing is left in doubt`() throws {
    let place = try TestWorkspace()
    try place.enqueue((0..<1_500).map { "ok.\($0)@there.invalid" })
    let relay = FakeRelay()
    let engine = place.engine(relay, workers: 16, lease: .seconds(2))
    try engine.start()
    try eventually("it is at full speed") { relay.dots.count > 200 }
    place.open.stop.trip(by: TestWorkspace.person(.watcher), reason: "test")
    let tripped = DispatchTime.now().uptimeNanoseconds
    #expect(place.open.stop.isRaised)
    #expect(place.open.stop.waitUntilDurable(timeout: .seconds(60)))
    let durable = DispatchTime.now().uptimeNanoseconds
    let stoppedAt = try place.permit().changedAt
    try eventually("what was armed is concluded") {
      try place.count(.armed) == 0 && place.count(.leased) == 0 && engine.status.snapshot.busyConnections == 0
    }
    let dots = relay.dots
    #expect(try place.count(.sent) == dots.count)
    #expect(try place.count(.uncertain) == 0)
    #expect(try place.count(.queued) == 1_500 - dots.count)
    // The flag is read right before the dot: at most what every connection had in its hands at that instant is late.
    #expect(dots.count { $0.at > tripped } <= 16)
    #expect(dots.count { $0.at > durable } == 0)
    let permit = try place.permit()
    #expect(permit.state == .stopped && permit.changedBy == "tess" && permit.reason == "test")
    // In hand, armed ahead, or replied and not committed; what had no dot yet went back to the queue.
    #expect(permit.armedAtStop <= 2 * 16 * (1 + ArmAhead().limit))
    // Proof on the banner: the last acceptance is not after the stop but for what was past its dot.
    #expect(try #require(permit.lastAcceptedAt) < stoppedAt + .seconds(5))
    // More work and more time change nothing.
    try place.enqueue(["ok.late@there.invalid"])
    try engine.wakes(place, 2)
    #expect(relay.dots.count == dots.count)
    engine.shutDown(patience: .seconds(60))
  }

  @Test func `the permit row alone denies every arm, without flag or latch file`() throws {
    let place = try TestWorkspace()
    try place.enqueue((0..<16).map { "ok.\($0)@there.invalid" })
    let relay = FakeRelay()
    relay.beforeArm.close()
    let engine = place.engine(relay, workers: 16)
    try engine.start()
    try eventually("sixteen wait before their arm") { relay.beforeArm.waiting == 16 }
    try place.store.write { transaction in
      var permit = try transaction.permit.read()
      let generation = permit.generation
      (permit.state, permit.generation) = (.stopped, generation + 1)
      #expect(try transaction.permit.replace(permit, expectedGeneration: generation))
    }
    relay.beforeArm.open()
    try eventually("all are back in the queue") { try place.count(.queued) == 16 }
    engine.shutDown(patience: .seconds(60))
    #expect(relay.dots.isEmpty)
    #expect(try place.audit("stop.trip").isEmpty)
  }

  @Test func `armed and not yet dotted: withdrawn and queued, not uncertain`() throws {
    let place = try TestWorkspace()
    let ids = try place.enqueue((0..<4).map { "ok.\($0)@there.invalid" })
    let relay = FakeRelay()
    relay.beforeDot.close()
    let engine = place.engine(relay, workers: 4)
    try engine.start()
    try eventually("four are armed") { try place.count(.armed) == 4 && relay.beforeDot.waiting == 4 }
    place.open.stop.trip(by: TestWorkspace.person(.operator), reason: "test")
    #expect(place.open.stop.waitUntilDurable(timeout: .seconds(60)))
    relay.beforeDot.open()
    try eventually("all are back in the queue") { try place.count(.queued) == 4 }
    engine.shutDown(patience: .seconds(60))
    #expect(relay.dots.isEmpty)
    #expect(try place.permit().armedAtStop == 4)
    for id in ids { #expect(try place.message(id).attemptCount == 0) }
  }

  @Test func `past the dot: the reply is waited for and counts`() throws {
    let place = try TestWorkspace()
    try place.enqueue((0..<3).map { "ok.\($0)@there.invalid" })
    let relay = FakeRelay()
    relay.afterDot.close()
    let engine = place.engine(relay, workers: 3)
    try engine.start()
    try eventually("three dots are out") { relay.afterDot.waiting == 3 }
    place.open.stop.trip(by: TestWorkspace.person(.operator), reason: "test")
    #expect(place.open.stop.waitUntilDurable(timeout: .seconds(60)))
    relay.afterDot.open()
    try eventually("all are sent") { try place.count(.sent) == 3 }
    engine.shutDown(patience: .seconds(60))
    #expect(try place.permit().lastAcceptedAt != nil)
  }

  @Test func `a latch file made by touch stops within 200 ms and is written into the permit row`() throws {
    var best = Double.infinity
    for _ in 0..<3 {
      let place = try TestWorkspace()
      #expect(!place.open.stop.isRaised)
      #expect(FileManager.default.createFile(atPath: place.open.workspace.latchPath, contents: nil))
      best = min(best, try elapsed { try eventually("raised") { place.open.stop.isRaised } })
    }
    #expect(best < 0.2)
    let place = try TestWorkspace()
    #expect(FileManager.default.createFile(atPath: place.open.workspace.latchPath, contents: nil))
    try eventually("the permit row is stopped") { try place.permit().state == .stopped }
    // Removing the file is no way around reset and resume.
    try FileManager.default.removeItem(atPath: place.open.workspace.latchPath)
    let relay = FakeRelay()
    let id = try place.enqueue(["ok@there.invalid"])[0]
    let engine = place.engine(relay, workers: 1, lease: .seconds(1))
    try engine.start()
    try engine.wakes(place, 2)
    engine.shutDown(patience: .seconds(60))
    #expect(place.open.stop.isRaised)
    #expect(try place.message(id).state == .queued)
    #expect(try place.audit("stop.trip").count == 1)
  }

  @Test func `a reason given later is added to the first one, once`() throws {
    let place = try TestWorkspace()
    let stop = place.open.stop
    for reason in ["", "wrong price", "customer complains", "customer complains", ""] {
      stop.trip(by: TestWorkspace.person(.operator), reason: reason)
      #expect(stop.waitUntilDurable(timeout: .seconds(60)))
    }
    #expect(try place.permit().reason == "wrong price; tess: customer complains")
    let said = try place.audit("stop.trip").map(\.reason).filter { $0 != "no reason given yet" }
    #expect(Set(said) == ["wrong price", "customer complains"])
  }

  @Test func `while only the latch file stops, the words are its own`() throws {
    let place = try TestWorkspace()
    let latch = LatchFile(path: place.open.workspace.stateFolder.appending(path: "OTHER").path)
    #expect(try place.open.overview().stop.reason == "new workspace")
    try latch.create(by: TestWorkspace.person(.watcher), reason: "smoke", at: nil)
    let words = StopWords(try place.permit(), isLatched: true, latch: latch)
    #expect(words.reason == "smoke (the latch file \(latch.path) is there)" && words.by == "tess" && words.armed == nil)
    #expect(words.facts.hasPrefix("since 2") && words.facts.hasSuffix(" by tess"))
  }

  @Test(arguments: [String(repeating: "\u{1}\"", count: 40_000), "a" + String(repeating: "\u{301}", count: 90_000)])
  func `however long the reason is, the latch file tells who and why`(reason: String) throws {
    let place = try TestWorkspace()
    let latch = LatchFile(path: place.open.workspace.stateFolder.appending(path: "OTHER").path)
    try latch.create(by: TestWorkspace.person(.watcher), reason: reason, at: nil)
    let note = try #require(latch.note())
    #expect(note.by == "tess")
    #expect(note.reason.unicodeScalars.count == 1_000 && reason.unicodeScalars.starts(with: note.reason.unicodeScalars))
  }

  @Test func `fault 6: damage that anybody met latches, and says what to do`() throws {
    let place = try TestWorkspace()
    #expect(!place.open.stop.isRaised)
    #expect((try? place.store.read { _ in throw StoreError.damaged("page 7") }) == nil)
    try eventually("it is latched") { try place.permit().state == .stopped }
    #expect(place.open.stop.isRaised && place.open.stop.latch.isPresent())
    #expect(try place.permit().reason.contains("page 7: the store is damaged"))
    #expect(try place.permit().reason.contains("restore the last backup"))
  }

  @Test func `fault 9: with the database locked the flag and the latch file come at once, the permit row afterwards`()
    throws
  {
    let place = try TestWorkspace()
    let other = try place.lockDatabase()
    place.open.stop.trip(by: TestWorkspace.person(.operator), reason: "locked")
    #expect(place.open.stop.isRaised)
    let seconds = try elapsed {
      try eventually("the latch file is there") { place.open.stop.latch.isPresent() }
    }
    #expect(seconds < 2)
    #expect(!place.open.stop.waitUntilDurable(timeout: .milliseconds(100)))
    #expect(try place.permit().state == .open)
    try other.inDatabase { db in try db.execute(sql: "ROLLBACK") }
    #expect(place.open.stop.waitUntilDurable(timeout: .seconds(20)))
    #expect(try place.permit().state == .stopped)
    #expect(try place.permit().reason == "locked")
  }

  @Test func `the operation leaves a latch file behind even when the database stays locked`() throws {
    let place = try TestWorkspace()
    let other = try place.lockDatabase()
    #expect(throws: StoreError.self) {
      try place.operations(.watcher).perform("stop.trip", OperationRequest(arguments: ["reason": "smoke"]))
    }
    #expect(place.open.stop.isRaised)
    #expect(place.open.stop.latch.isPresent())
    try other.inDatabase { db in try db.execute(sql: "ROLLBACK") }
    try eventually("the permit row follows") { try place.permit().state == .stopped }
    #expect(try place.permit().reason == "smoke")
  }

  @Test func `two processes on one workspace see each other's stop, reset and resume`() throws {
    let place = try TestWorkspace()
    let second = try TestWorkspace.open(place.folder)
    let heard = Atomic<Int>(0)
    second.stop.onRaise { heard.add(1, ordering: .relaxed) }
    #expect(!second.stop.isRaised)
    place.open.stop.trip(by: TestWorkspace.person(.watcher), reason: "test")
    try eventually("the second one stops") { second.stop.isRaised }
    #expect(heard.load(ordering: .relaxed) == 1)
    #expect(place.open.stop.waitUntilDurable(timeout: .seconds(60)))
    _ = try place.operations(.operator).perform("stop.reset", OperationRequest(arguments: ["reason": "looked"]))
    #expect(second.stop.isRaised)
    _ = try second.operations.perform("stop.resume", OperationRequest())
    try eventually("the first one goes on") { !place.open.stop.isRaised }
    #expect(try place.permit().state == .ramping)
    second.close()
  }

  @Test func `a permit row that cannot be read is written anew by a stop and by a reset, whatever it says`() throws {
    let place = try TestWorkspace()
    for (operation, state) in [("stop.trip", SendPermit.State.stopped), ("stop.reset", .ready)] {
      try place.spoilPermit()
      #expect(throws: StoreError.noPermit) { try place.permit() }
      var request = OperationRequest(arguments: ["reason": "looked"])
      request.version = try place.operations(.operator).preview(operation, request).version
      try place.operations(.operator).perform(operation, request)
      let permit = try place.permit()
      #expect(permit.state == state && permit.generation > 40)
    }
    try place.spoilPermit()
    place.open.stop.trip(by: TestWorkspace.person(.watcher), reason: "smoke")
    #expect(place.open.stop.waitUntilDurable(timeout: .seconds(60)))
    #expect(try place.permit().reason == "smoke")
  }

  @Test func `the operation stops by the permit row where the latch file cannot be made`() throws {
    let place = try TestWorkspace()
    let latch = LatchFile(path: place.folder.appending(path: "gone/STOP").path)
    let stop = EmergencyStop(store: place.store, latch: latch, clock: place.open.clock, log: place.open.log)
    defer { stop.close() }
    var context = place.operations(.watcher).context
    context.stop = stop
    let request = OperationRequest(arguments: ["reason": "smoke"])
    let effect = try OperationRunner(store: place.store, context: context).perform("stop.trip", request)
    #expect(effect.summary == "stopped; the latch file \(latch.path) cannot be made")
    #expect(try place.permit().state == .stopped && place.permit().reason == "smoke" && stop.isRaised)
  }

  @Test func `without a permit row nothing is sent`() throws {
    let place = try TestWorkspace()
    try place.removePermit()
    let id = try place.enqueue(["ok@there.invalid"])[0]
    let relay = FakeRelay()
    let engine = place.engine(relay, workers: 2, lease: .seconds(1))
    try engine.start()
    try engine.wakes(place, 2)
    engine.shutDown(patience: .seconds(60))
    #expect(relay.dots.isEmpty)
    #expect(try place.message(id).state == .queued)
    #expect(throws: StoreError.noPermit) { try place.permit() }
  }

  @Test func `a permit row that disappears while messages wait for their arm denies them`() throws {
    let place = try TestWorkspace()
    try place.enqueue(["ok@there.invalid"])
    let relay = FakeRelay()
    relay.beforeArm.close()
    let engine = place.engine(relay, workers: 1)
    try engine.start()
    try eventually("it waits before its arm") { relay.beforeArm.waiting == 1 }
    try place.removePermit()
    relay.beforeArm.open()
    try eventually("it is back in the queue") { try place.count(.queued) == 1 }
    engine.shutDown(patience: .seconds(60))
    #expect(relay.dots.isEmpty)
  }

  @Test func `a stop survives a restart, in either channel`() throws {
    let place = try TestWorkspace()
    place.open.stop.trip(by: TestWorkspace.person(.operator), reason: "test")
    #expect(place.open.stop.waitUntilDurable(timeout: .seconds(60)))
    try FileManager.default.removeItem(atPath: place.open.workspace.latchPath)
    let second = try TestWorkspace.open(place.folder)
    #expect(second.stop.isRaised)
    second.close()
  }
}

extension TestWorkspace {
  /// Another connection with the exclusive lock, until its `ROLLBACK`.
  func lockDatabase() throws -> DatabaseQueue {
    var configuration = GRDB.Configuration()
    configuration.allowsUnsafeTransactions = true
    let other = try DatabaseQueue(path: store.path, configuration: configuration)
    try other.inDatabase { db in try db.execute(sql: "BEGIN EXCLUSIVE") }
    return other
  }

  /// As damage or a newer program would leave it.
  func spoilPermit() throws {
    let other = try DatabaseQueue(path: store.path)
    try other.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA ignore_check_constraints = ON")
      try db.execute(sql: "UPDATE permit SET state = 'odd', generation = generation + 40")
    }
  }

  func removePermit() throws {
    let other = try DatabaseQueue(path: store.path)
    try other.write { db in try db.execute(sql: "DELETE FROM permit") }
  }
}

extension DeliveryEngine {
  /// Lets the ledger look around several times: each look is seen by what it does to an expired lease.
  func wakes(_ place: TestWorkspace, _ times: Int) throws {
    for _ in 0..<times {
      let now = place.open.clock.now()
      let id = try place.enqueue(["hold@there.invalid"])[0]
      // A lease of an engine that died, expired: the ledger takes it back in one of its rounds.
      try place.store.write { transaction in
        let waiting = try transaction.messages.get(id)
        guard waiting?.state == .queued else { return }
        _ = try transaction.messages.claim(
          limit: 1_000_000, owner: "dead", now: now + .hours(1), leaseUntil: now - .hours(1))
      }
      try eventually("the ledger recovers") { try place.count(.leased) == 0 }
      _ = try place.store.write { transaction in
        guard let message = try transaction.messages.get(id) else { return false }
        return try transaction.messages.change(
          id, version: message.version, transition: .hold, reason: "test", now: now)
      }
    }
  }
}
