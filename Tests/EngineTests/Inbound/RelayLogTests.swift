import Engine
import Foundation
import MailModel
import Storage
import Testing

/// A relay's log settles doubt, in the name of whoever imports it, and does nothing else.
@Suite struct RelayLogTests {
  private func run(_ place: TestWorkspace, _ lines: [String]) throws -> RelayLogSummary {
    let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
    var pieces = stride(from: 0, to: bytes.count, by: 61).map { Array(bytes[$0..<min($0 + 61, bytes.count)]) }
    return try place.open.relayLogImport().run("mail.log") { pieces.isEmpty ? [] : pieces.removeFirst() }
  }

  private func cleanup(_ message: Message, _ queueID: String = "4Fv3kR2dQz9") -> String {
    "Nov 21 04:05:06 mx1 postfix/cleanup[812]: \(queueID): message-id=\(message.messageID)"
  }

  private func queued(_ recipients: Int, _ queueID: String = "4Fv3kR2dQz9") -> String {
    "Nov 21 04:05:06 mx1 postfix/qmgr[81]: \(queueID): from=<a@b.invalid>, size=9, nrcpt=\(recipients) (queue active)"
  }

  private func delivery(_ recipient: String, _ status: String = "sent", _ queueID: String = "4Fv3kR2dQz9") -> String {
    "Nov 21 04:05:07 mx1 postfix/smtp[9]: \(queueID): to=<\(recipient)>, relay=m[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=\(status) (said something)"
  }

  @Test func `a message that the relay has in its queue was accepted`() throws {
    let place = try TestWorkspace()
    let ids = try place.send(["one@there.invalid", "two@there.invalid"], ending: .doubt)
    let message = try place.message(ids[0])
    let first = try run(place, ["noise", cleanup(message)])
    #expect(first.settled.isEmpty)
    #expect(first.taken == ["message-id": 1])
    let facts = try #require(try place.open.story(of: ids[0]).story.doubt)
    #expect(facts.evidence.count == 1)
    #expect(facts.evidence[0].contains("4Fv3kR2dQz9"))
    // In a later file, and without the line that tied it.
    let second = try run(place, [queued(1)])
    #expect(second.settled == [ids[0]])
    #expect(try place.message(ids[0]).state == .sent)
    #expect(try place.message(ids[0]).stateReason.contains("imported by tess"))
    #expect(try place.message(ids[1]).state == .uncertain)
    let settled = try #require(try place.audit("policy.settle").first)
    #expect(settled.actor == "tess")
    #expect(settled.subject == "message:\(ids[0])")
    #expect(try place.audit("relay-log.import").map(\.subject) == ["file:mail.log", "file:mail.log"])
  }

  @Test(arguments: ["sent", "bounced", "deferred", "expired"])
  func `whatever the relay did with it, it had taken it`(status: String) throws {
    let place = try TestWorkspace()
    let id = try place.send(["one@there.invalid"], ending: .doubt)[0]
    let lines = [cleanup(try place.message(id)), delivery("One@there.invalid", status)]
    #expect(try run(place, lines).settled == [id])
    let again = try run(place, lines)
    #expect(again.settled.isEmpty)
    #expect(again.known == 2 && again.taken.isEmpty)
    let events = try place.store.read { try $0.messageEvents.list(of: id) }
    #expect(events.map(\.kind) == ["relay \(status)"])
    #expect(try place.audit("policy.settle").count == 1)
    // Nobody is restricted or suppressed by a log, a bounce in it included.
    #expect(try place.count(.suppressed) == 0)
    #expect(try place.store.read { try $0.counters.all()["suppression"] } == 0)
  }

  @Test func `of several recipients only their own lines tell`() throws {
    let place = try TestWorkspace()
    let id = try place.send(["one@there.invalid"], ending: .doubt)[0]
    let cleanup = cleanup(try place.message(id))
    #expect(try run(place, [cleanup, queued(2), delivery("other@there.invalid")]).settled.isEmpty)
    #expect(try place.message(id).state == .uncertain)
    #expect(try run(place, [delivery("one@there.invalid")]).settled == [id])
  }

  @Test func `what was never handed to a server is tied to no log`() throws {
    let place = try TestWorkspace()
    let id = try place.enqueue(["one@there.invalid"])[0]
    let summary = try run(place, [cleanup(try place.message(id)), queued(1), delivery("one@there.invalid")])
    #expect(summary.taken.isEmpty)
    #expect(try place.message(id).state == .queued)
  }

  @Test func `another queue id, another machine, another message: nothing`() throws {
    let place = try TestWorkspace()
    let id = try place.send(["one@there.invalid"], ending: .doubt)[0]
    let other = delivery("one@there.invalid").replacing(" mx1 ", with: " mx2 ")
    let lines = [
      cleanup(try place.message(id)), delivery("one@there.invalid", "sent", "5AAAAA"), other, queued(1, "5AAAAA"),
    ]
    #expect(try run(place, lines).settled.isEmpty)
    #expect(try place.message(id).state == .uncertain)
  }

  @Test func `a line without end is passed over and bounded`() throws {
    let place = try TestWorkspace()
    let id = try place.send(["one@there.invalid"], ending: .doubt)[0]
    let lines = [
      String(repeating: "x", count: 100_000), cleanup(try place.message(id)), queued(1),
      String(repeating: "y", count: 20_000),
    ]
    let summary = try run(place, lines)
    #expect(summary.tooLong == 2)
    #expect(summary.settled == [id])
  }

  @Test func `a watcher imports nothing`() throws {
    let place = try TestWorkspace(role: .watcher)
    #expect(throws: OperationRefusal.self) { try place.open.relayLogImport() }
  }
}
