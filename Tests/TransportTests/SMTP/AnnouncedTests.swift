import MailModel
import TestSupport
import Testing
import Transport

/// The envelope of the next message along with the dot of the one before it (RFC 2920 §3.1).
@Suite struct AnnouncedTests {
  private let now = Timestamp(seconds: 1)

  private func mail(_ recipient: String, on connection: SMTPConnection) -> PreparedMail {
    connection.prepare(envelopeSender: "s@from.example", recipient: recipient, body: smallBody)
  }

  /// Delivers a first message that announces a second, and gives both outcomes.
  private func deliverTwo(
    on connection: SMTPConnection, secondGate: any DotGate = ScriptedGate()
  ) -> (first: String, second: String) {
    let second = mail("second@dest.example", on: connection)
    let first = connection.deliver(
      mail("first@dest.example", on: connection), gate: ScriptedGate(), announcing: { second }, now: { now })
    guard connection.isReusable(for: second) else { return (first.outcome.summary, "not reusable") }
    let result = connection.deliver(second, gate: secondGate, now: { now })
    return (first.outcome.summary, result.outcome.summary)
  }

  @Test func goesOutInOneWriteWithTheDotAndSavesARoundTrip() throws {
    let server = try SMTPMischiefServer()
    defer { server.stop() }
    let connection = try server.connect()
    #expect(deliverTwo(on: connection) == ("accepted 250", "accepted 250"))
    let record = server.record
    #expect(record.connections == 1)
    #expect(record.messages.map(\.recipients) == [["<first@dest.example>"], ["<second@dest.example>"]])
    #expect(record.transcript.contains("\r\n.\r\nMAIL FROM:<s@from.example>"))
    #expect(connection.isReusable())
    #expect(connection.deliveries == 2)
  }

  @Test func nothingIsAnnouncedToARelayWithoutPipelining() throws {
    let server = try SMTPMischiefServer(.at(.quit, .normal, pipelining: false))
    defer { server.stop() }
    let connection = try server.connect()
    let second = mail("second@dest.example", on: connection)
    let first = connection.deliver(
      mail("first@dest.example", on: connection), gate: ScriptedGate(),
      announcing: {
        Issue.record("asked for a message that it cannot announce")
        return second
      }, now: { now })
    #expect(first.outcome.summary == "accepted 250")
    #expect(connection.isReusable(for: second))
    #expect(connection.deliver(second, gate: ScriptedGate(), now: { now }).outcome.summary == "accepted 250")
  }

  @Test(
    "the dot's reply is the first message's alone",
    arguments: [
      ("451 4.3.0 busy", "deferred 451 dot", "accepted 250"), ("554 5.7.1 spam", "refused 554 dot", "accepted 250"),
      ("421 4.3.2 closing", "deferred 421 dot", "not reusable"), ("what?", "uncertain", "not reusable"),
      ("250 queued\r\n250 again", "accepted 250", "interrupted data"),
    ])
  func replyToTheDot(reply: String, first: String, second: String) throws {
    var mischief = Mischief()
    mischief.action = { step, moment in step == .dot && moment.message == 1 ? .reply(reply) : .normal }
    let server = try SMTPMischiefServer(mischief)
    defer { server.stop() }
    #expect(deliverTwo(on: try server.connect()) == (first, second))
    let isSecondThere = second == "accepted 250"
    #expect(server.record.messages.count == (isSecondThere ? 2 : 1))
  }

  @Test(
    "a refused envelope costs the first message nothing",
    arguments: [
      (MischiefStep.mail, "451 4.3.0 later", "deferred 451 mail"), (.rcpt, "550 5.1.1 nobody", "refused 550 rcpt"),
      (.data, "452 4.3.1 full", "deferred 452 data"),
    ])
  func refusedEnvelope(step: MischiefStep, reply: String, second: String) throws {
    var mischief = Mischief()
    mischief.action = { current, moment in current == step && moment.message == 2 ? .reply(reply) : .normal }
    let server = try SMTPMischiefServer(mischief)
    defer { server.stop() }
    let connection = try server.connect()
    #expect(deliverTwo(on: connection) == ("accepted 250", second))
    #expect(server.record.messages.count == 1)
    #expect(connection.isReusable())
    #expect(connection.deliver().summary == "accepted 250")
  }

  @Test("a stop at any question to the gate leaves the announced message without a body or without a dot")
  func stopAfterTheAnnouncement() throws {
    let server = try SMTPMischiefServer()
    defer { server.stop() }
    var question = 1
    var second = "withdrawn"
    while second == "withdrawn", question < 100 {
      let connection = try server.connect()
      let outcome = deliverTwo(on: connection, secondGate: ScriptedGate(closesAt: question))
      #expect(outcome.first == "accepted 250")
      second = outcome.second
      if second == "withdrawn" { #expect(!connection.isReusable()) }
      connection.abort()
      #expect(server.wait { $0.ended == question })
      #expect(server.record.messages.count == question + (second == "withdrawn" ? 0 : 1))
      question += 1
    }
    #expect(second == "accepted 250")
    #expect(question > 3)
  }

  @Test func noOtherMessageFollowsAnAnnouncement() throws {
    let server = try SMTPMischiefServer()
    defer { server.stop() }
    let connection = try server.connect()
    let announced = mail("second@dest.example", on: connection)
    let other = mail("third@dest.example", on: connection)
    _ = connection.deliver(
      mail("first@dest.example", on: connection), gate: ScriptedGate(), announcing: { announced }, now: { now })
    #expect(!connection.isReusable() && !connection.isReusable(for: other))
    #expect(connection.deliver(other, gate: ScriptedGate(), now: { now }).outcome.summary == "interrupted connect")
    #expect(server.wait { $0.ended == 1 })
    #expect(server.record.messages.count == 1)
    #expect(!server.record.transcript.contains("third@"))
  }

  @Test func closingAfterAnAnnouncementWritesNothingIntoTheBody() throws {
    let server = try SMTPMischiefServer()
    defer { server.stop() }
    let connection = try server.connect()
    let announced = mail("second@dest.example", on: connection)
    _ = connection.deliver(
      mail("first@dest.example", on: connection), gate: ScriptedGate(), announcing: { announced }, now: { now })
    connection.close()
    #expect(server.wait { $0.ended == 1 })
    #expect(!server.record.transcript.contains("QUIT"))
    #expect(server.record.messages.count == 1)
  }

  @Test func messageThatMustNotBeSentIsNotAnnounced() throws {
    let server = try SMTPMischiefServer()
    defer { server.stop() }
    let connection = try server.connect()
    let bad = mail("no address\r\nDATA", on: connection)
    _ = connection.deliver(
      mail("first@dest.example", on: connection), gate: ScriptedGate(), announcing: { bad }, now: { now })
    #expect(connection.isReusable(for: bad))
    #expect(connection.deliver(bad, gate: ScriptedGate(), now: { now }).outcome.summary == "refused 501 mail")
    #expect(connection.deliver().summary == "accepted 250")
  }
}
