import Foundation
import MailModel
import Storage
import Testing

@testable import Engine

/// What connections leave behind around each dot, and who may believe it (DESIGN §4, obligation d).
@Suite struct DotJournalTests {
  private let now = Timestamp(seconds: 1_790_000_000)
  private let reply = ServerReply(code: 250, enhancedStatus: EnhancedStatus(2, 0, 0), text: "queued as 4F")

  private func folder() -> URL { FileManager.default.temporaryDirectory.appending(path: "dots-\(UUID().uuidString)") }

  /// Writes a journal whose engine is gone by the time it returns.
  private func leave(_ folder: URL, owner: String, _ write: (DotJournal) -> Void) throws {
    let journal = try DotJournal(folder: folder, owner: owner)
    write(journal)
    withExtendedLifetime(journal) {}
  }

  @Test func `begun, concluded and never begun are told apart after the engine's end`() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try leave(folder, owner: "desk:1#9") { journal in
      _ = journal.begin(Lease(id: 1, epoch: 3), now: now)
      journal.conclude(
        journal.begin(Lease(id: 2, epoch: 1), now: now),
        .replied(reply, renderedAt: now, armedAt: now + .seconds(1), repliedAt: now + .seconds(2)))
      journal.conclude(journal.begin(Lease(id: 3, epoch: 1), now: now), .notSent)
    }
    let evidence = DotEvidence(folder: folder)
    func finding(_ id: Message.ID, _ epoch: Int64) -> DotEvidence.Finding {
      evidence.finding(Lease(id: id, epoch: epoch), owner: "desk:1#9", armedAt: now)
    }
    #expect(finding(1, 3) == .dot)
    #expect(finding(1, 4) == .noDot)
    #expect(
      finding(2, 1)
        == .replied(reply, renderedAt: now, armedAt: now + .seconds(1), repliedAt: now + .seconds(2)))
    #expect(finding(3, 1) == .noDot)
    #expect(evidence.finding(Lease(id: 1, epoch: 3), owner: "desk:2#9", armedAt: now) == .unknown)
  }

  @Test func `a living engine's journal says nothing`() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let journal = try DotJournal(folder: folder, owner: "a")
    #expect(DotEvidence(folder: folder).finding(Lease(id: 1, epoch: 1), owner: "a", armedAt: now) == .unknown)
    withExtendedLifetime(journal) {}
  }

  @Test func `a copy is not believed, nor a file that was changed`() throws {
    let folder = folder()
    let copy = self.folder()
    defer {
      try? FileManager.default.removeItem(at: folder)
      try? FileManager.default.removeItem(at: copy)
    }
    try leave(folder, owner: "a") { _ in }
    try FileManager.default.copyItem(at: folder, to: copy)
    let lease = Lease(id: 1, epoch: 1)
    #expect(DotEvidence(folder: folder).finding(lease, owner: "a", armedAt: now) == .noDot)
    #expect(DotEvidence(folder: copy).finding(lease, owner: "a", armedAt: now) == .unknown)
    let path = folder.appending(path: DotEntry.fileName(owner: "a")).path
    #expect(truncate(path, 100_000) == 0)
    #expect(DotEvidence(folder: folder).finding(lease, owner: "a", armedAt: now) == .unknown)
  }

  @Test func `what is older than a full ring is not vouched for`() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try leave(folder, owner: "a") { journal in
      for id in 0..<Int64(DotJournal.capacity + 5) {
        _ = journal.begin(Lease(id: id, epoch: 1), now: now + .milliseconds(id))
      }
    }
    let evidence = DotEvidence(folder: folder)
    #expect(evidence.finding(Lease(id: 2, epoch: 1), owner: "a", armedAt: now) == .unknown)
    #expect(evidence.finding(Lease(id: 900_000, epoch: 1), owner: "a", armedAt: now + .hours(1)) == .noDot)
  }

  @Test func `a conclusion cut short leaves the dot begun`() throws {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: DotEntry.size, alignment: 16)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: DotEntry.size)
    #expect(DotEntry.read(UnsafeRawPointer(memory)) == nil)
    let lease = Lease(id: 7, epoch: 2)
    DotEntry.begin(lease, now: now, at: memory)
    #expect(DotEntry.read(UnsafeRawPointer(memory)) == DotEntry.Read(lease: lease, begunAt: now, conclusion: nil))
    let long = ServerReply(code: 554, text: String(repeating: "é🙂", count: 300))
    DotEntry.conclude(.replied(long, renderedAt: nil, armedAt: nil, repliedAt: nil), at: memory)
    guard case .replied(let read, _, _, _) = DotEntry.read(UnsafeRawPointer(memory))?.conclusion else {
      Issue.record("no conclusion")
      return
    }
    #expect(read.code == 554 && long.text.hasPrefix(read.text) && read.text.utf8.count > 100)
    // One byte that did not make it.
    memory.storeBytes(of: UInt8(0), toByteOffset: 90, as: UInt8.self)
    #expect(DotEntry.read(UnsafeRawPointer(memory))?.conclusion == nil)
  }

  @Test func `after a crash: no dot goes back, a known reply counts, only the rest is in doubt`() throws {
    let place = try TestWorkspace()
    let ids = try place.enqueue((0..<4).map { "ok.\($0)@there.invalid" })
    let folder = place.folder.appending(path: "dots")
    let moment = place.open.clock.now()
    let past = moment - .minutes(10)
    let leased = try place.store.write { transaction in
      let leased = try transaction.messages.claim(limit: 4, owner: "dead", now: moment, leaseUntil: past)
      _ = try transaction.messages.arm(
        leased.map { Lease(id: $0.id, epoch: $0.epoch) }, owner: "dead", now: moment, leaseUntil: past)
      return leased.map { Lease(id: $0.id, epoch: $0.epoch) }
    }
    try leave(folder, owner: "dead") { journal in
      _ = journal.begin(leased[1], now: moment)
      journal.conclude(
        journal.begin(leased[2], now: moment), .replied(reply, renderedAt: moment, armedAt: moment, repliedAt: moment))
      journal.conclude(journal.begin(leased[3], now: moment), .notSent)
    }
    let relay = FakeRelay()
    let engine = place.engine(relay, workers: 2)
    try engine.start()
    try eventually("everything is settled") { try place.count(.sent) == 3 && place.count(.uncertain) == 1 }
    engine.shutDown(patience: .seconds(60))
    #expect(Set(relay.dots.map(\.id)) == [ids[0], ids[3]])
    #expect(try place.message(ids[1]).state == .uncertain)
    #expect(try place.attempts(ids[2]).map(\.outcome) == ["accepted"])
    #expect(try place.message(ids[2]).stateReason.contains("queued as 4F"))
    #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "dead.dots").path))
  }
}
