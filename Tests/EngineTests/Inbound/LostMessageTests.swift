import MailModel
import Storage
import Testing

@testable import Engine

/// Fault 7: reports about mail that a restored store has lost still arrive, with signatures of ours.
@Suite struct LostMessageTests {
  @Test func `a report about a lost message is about no other one`() throws {
    let place = try TestWorkspace()
    let kept = try place.send(["kept@there.invalid"])[0]
    let restored = try TestWorkspace(copyOf: place)
    let lost = try place.send(["lost@there.invalid"])[0]
    let next = try restored.send(["next@there.invalid"])[0]
    #expect(next != lost && next > kept)

    let mailbox = FakeMailbox()
    mailbox.put(
      try place.dsn(
        about: lost, [.init(address: "lost@there.invalid")], to: try place.tokenAddress(lost)))
    mailbox.put(
      try place.dsn(
        about: kept, [.init(address: "kept@there.invalid")], to: try place.tokenAddress(kept)))
    let intake = try restored.scan(mailbox).intake
    #expect(intake.unmatched == ["lost@there.invalid"])
    #expect(try !restored.isSuppressed("next@there.invalid"))
    #expect(try restored.isSuppressed("kept@there.invalid"), "what the backup has is known as before")
  }

  @Test func `the same backup restored twice gives no id twice`() throws {
    let place = try TestWorkspace()
    let ids = try (1...3).map { _ in try TestWorkspace(copyOf: place).enqueue(["next@there.invalid"])[0] }
    #expect(Set(ids).count == 3)
    let clock = ManualClock(Timestamp(microseconds: 0))
    let early = try TestWorkspace(copyOf: place, clock: clock)
    #expect(try early.enqueue(["next@there.invalid"])[0] > 10_000_000, "a clock that was never set")
  }

  @Test func `ids go on from there, also for what is enqueued anew`() throws {
    let place = try TestWorkspace()
    let old = try place.send(["old@there.invalid"], ending: .refuse)[0]
    let restored = try TestWorkspace(copyOf: place)
    let first = try restored.enqueue(["first@there.invalid"])[0]
    #expect(first > old + 1_000_000)
    #expect(try restored.enqueue(["second@there.invalid"])[0] == first + 1)
    let version = try restored.message(old).version
    let now = restored.open.clock.now()
    let new = try restored.store.write {
      try $0.messages.enqueueAnew(old, version: version, state: .queued, reason: "", due: now, now: now)
    }
    #expect(new == first + 2)
    #expect(try restored.message(first + 2).recipient == "old@there.invalid")
  }
}
