import Foundation
import MailModel
import Storage
import Testing

@testable import Engine

/// A relay's log settles doubt, in the name of whoever imports it, and does nothing else.
@Suite struct RelayLogTests {
  private func request(_ place: TestWorkspace, _ lines: [String], relay: String = "") throws -> OperationRequest {
    let text = lines.joined(separator: "\n") + "\n"
    return OperationRequest(arguments: ["file": try place.file("mail.log", text), "relay": relay])
  }

  private func run(_ place: TestWorkspace, _ lines: [String], relay: String = "") throws -> RelayLogSummary {
    try place.open.importRelayLog(try request(place, lines, relay: relay))
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
    #expect(first.taken == ["tied": 1])
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

  @Test func `a line about the first is none about what was enqueued anew since`() throws {
    let clock = ManualClock(Timestamp(seconds: 1_795_233_000))
    let place = try TestWorkspace(clock: clock)
    let id = try place.send(["one@there.invalid"])[0]
    clock.advance(.hours(25))
    let first = try place.message(id)
    let next = try #require(
      try place.store.write {
        try $0.messages.enqueueAnew(
          id, version: first.version, state: .queued, reason: "", due: clock.now(), now: clock.now())
      })
    try place.claimAndEnd(1, .doubt)
    let lines = [cleanup(first), delivery("one@there.invalid", "deferred")]
    #expect(try run(place, lines).settled.isEmpty)
    #expect(try place.message(next).state == .uncertain)
    #expect(try place.store.read { try $0.messageEvents.list(of: id) }.map(\.kind) == ["relay deferred"])
    let later = [cleanup(first, "4Gx9kR2dQz1"), delivery("one@there.invalid", "sent", "4Gx9kR2dQz1")]
      .map { $0.replacing("Nov 21", with: "Nov 22").replacing("04:05", with: "05:10") }
    #expect(try run(place, later).settled == [next])
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

  @Test func `another file than a log is told as such`() throws {
    let place = try TestWorkspace()
    let words = "2 lines, none of a Postfix log: is it the right file?"
    #expect(try run(place, ["From: a@b.invalid", "Subject: x"]).words == words)
    let preview = try place.operations(.operator).preview("relay-log.import", try request(place, ["From: x", "hi"]))
    #expect(preview.summary == words && preview.isEmpty)
    #expect(try run(place, [queued(1)]).words.hasPrefix("1 line; about messages of ours: none"))
  }

  @Test func `a watcher imports nothing`() throws {
    let place = try TestWorkspace(role: .watcher)
    #expect(throws: OperationRefusal.self) { try run(place, []) }
  }

  @Test func `a preview says what would be settled and changes nothing`() throws {
    let place = try TestWorkspace()
    let ids = try place.send(["one@there.invalid", "two@there.invalid"], ending: .doubt)
    let lines = [
      cleanup(try place.message(ids[0])), queued(1), delivery("one@there.invalid"),
      cleanup(try place.message(ids[1]), "5AAAAA"), queued(2, "5AAAAA"),
    ]
    let preview = try place.open.operations.preview("relay-log.import", try request(place, lines))
    #expect(preview.summary == "settles 1 message in doubt as sent; 5 lines")
    #expect(preview.lines.contains("message \(ids[0])"))
    #expect(try place.message(ids[0]).state == .uncertain)
    #expect(try place.audit("relay-log.import").isEmpty)
    #expect(try run(place, lines).settled == [ids[0]])
  }

  @Test func `a long log is taken in parts, each with its audit row, and again changes nothing`() throws {
    let place = try TestWorkspace()
    let ids = try place.send((0..<3).map { "r\($0)@there.invalid" }, ending: .doubt)
    var lines: [String] = []
    for (number, id) in ids.enumerated() {
      lines += [cleanup(try place.message(id), "ABCDE\(number)"), queued(1, "ABCDE\(number)")]
      // Enough for the next part to begin elsewhere.
      lines += Array(repeating: delivery("other@there.invalid", "sent", "XXXXX"), count: RelayLogImport.batch + 5_000)
    }
    #expect(try run(place, lines).settled == ids)
    #expect(try place.audit("relay-log.import").count == 3)
    #expect(try run(place, lines).settled.isEmpty)
    #expect(try place.audit("relay-log.import").count == 3)
  }

  /// A message in doubt for which a reply came too late to be taken, with the queue id in it.
  private func replied(
    _ place: TestWorkspace, _ recipient: String, relay: String = "mx1.our.example:25", queueID: String = "4Fv3kR2dQz9"
  ) throws -> Message.ID {
    let id = try place.send([recipient], ending: .doubt)[0]
    let now = place.open.clock.now()
    try place.store.write {
      try $0.attempts.append(
        Attempt(
          id: 0, messageID: id, epoch: 1, relay: relay, outcome: "accepted", stage: .dot, replyCode: 250,
          enhancedStatus: EnhancedStatus(2, 0, 0),
          text: "2.0.0 Ok: queued as \(queueID) (arrived after the lease was lost)",
          renderedAt: now, armedAt: now, repliedAt: now))
    }
    return id
  }

  private static let clock = Timestamp(seconds: 1_795_233_906)

  @Test func `a line is matched by the queue id that the same relay named in its reply`() throws {
    let place = try TestWorkspace(clock: ManualClock(Self.clock))
    let id = try replied(place, "one@there.invalid")
    // Another relay gave the same queue id to a message of its own.
    let other = try replied(place, "one@there.invalid", relay: "mx2.our.example:25")
    let summary = try run(place, [delivery("one@there.invalid")])
    #expect(summary.settled == [id])
    #expect(summary.taken == ["tied": 1, "sent": 1])
    #expect(try place.message(other).state == .uncertain)
    #expect(try place.message(id).stateReason.contains("the log of mx1 has it as 4Fv3kR2dQz9"))
    let again = try run(place, [delivery("one@there.invalid")])
    #expect(again.settled.isEmpty && again.taken.isEmpty && again.known == 1)
  }

  struct Elsewhere: Sendable, CustomTestStringConvertible {
    var name: String
    var relay = "mx1.our.example:25"
    var said = ""
    var line: String
    var isSettled = false
    var testDescription: String { name }
  }

  private static let sent =
    "postfix/smtp[9]: 4Fv3kR2dQz9: to=<one@there.invalid>, relay=m[192.0.2.1]:25, delay=1, dsn=2.0.0, status=sent (ok)"

  static let elsewhere: [Elsewhere] = [
    Elsewhere(name: "another machine", line: "Nov 21 04:05:07 mx9 \(sent)"),
    Elsewhere(
      name: "another machine, by somebody's word", said: "MX1.our.example:25", line: "Nov 21 04:05:07 box7 \(sent)",
      isSettled: true),
    Elsewhere(
      name: "this machine, but somebody says another", said: "mx2.our.example:25", line: "Nov 21 04:05:07 mx1 \(sent)"),
    Elsewhere(name: "another recipient", line: "Nov 21 04:05:07 mx1 \(sent.replacing("one@", with: "two@"))"),
    Elsewhere(name: "long before the reply: the id of an earlier mail", line: "Nov 20 20:05:07 mx1 \(sent)"),
    Elsewhere(name: "an address as relay", relay: "192.0.2.7:25", line: "Nov 21 04:05:07 mx1 \(sent)"),
    Elsewhere(name: "the whole name", line: "Nov 21 04:05:07 MX1.our.example \(sent)", isSettled: true),
  ]

  @Test(arguments: elsewhere) func `only the same relay's queue id is evidence`(example: Elsewhere) throws {
    let place = try TestWorkspace(settings: ["TIME_ZONE": "UTC"], clock: ManualClock(Self.clock))
    let id = try replied(place, "one@there.invalid", relay: example.relay)
    let summary = try run(place, [example.line], relay: example.said)
    #expect(summary.settled == (example.isSettled ? [id] : []))
  }

  @Test func `a Message-ID and a reply that agree tell whose log it is`() throws {
    let place = try TestWorkspace(settings: ["TIME_ZONE": "UTC"], clock: ManualClock(Self.clock))
    let known = try replied(place, "one@there.invalid", relay: "smtp.our.example:25", queueID: "4AAAA1")
    let id = try replied(place, "two@there.invalid", relay: "smtp.our.example:25", queueID: "4AAAA2")
    let line = delivery("two@there.invalid", "sent", "4AAAA2")
    #expect(try run(place, [line]).settled.isEmpty)
    #expect(try run(place, [cleanup(try place.message(known), "4AAAA1"), line]).settled == [id])
  }

  @Test func `a queue id that the relay gave to another mail since is no evidence any more`() throws {
    let place = try TestWorkspace()
    let id = try place.send(["one@there.invalid"], ending: .doubt)[0]
    let foreign = "Nov 21 09:00:00 mx1 postfix/cleanup[812]: 4AAAA1: message-id=<foreign@else.invalid>"
    let later = queued(1, "4AAAA1").replacing("04:05:06", with: "09:00:01")
    #expect(try run(place, [cleanup(try place.message(id), "4AAAA1"), foreign, later]).settled.isEmpty)
    #expect(try place.message(id).state == .uncertain)
  }
}
