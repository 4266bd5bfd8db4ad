import MailModel
import TestSupport
import Testing
import Transport

/// Every way in which a relay can go wrong gives exactly one outcome and one state of the connection.
@Suite struct MischiefTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var step: MischiefStep
    var action: MischiefAction
    var outcome: String
    var staysReusable: Bool
    /// Dots the relay must have seen.
    var dots = 0
    var testDescription: String { "\(step): \(action)" }
  }

  static let cases: [Case] = [
    Case(step: .quit, action: .normal, outcome: "accepted 250", staysReusable: true, dots: 1),
    Case(step: .mail, action: .reply("451 4.3.0 later"), outcome: "deferred 451 mail", staysReusable: true),
    Case(step: .mail, action: .reply("550 5.7.1 not you"), outcome: "deferred 550 mail", staysReusable: true),
    Case(step: .mail, action: .reply("530 5.7.0 log in"), outcome: "unavailable 530 mail", staysReusable: true),
    Case(step: .mail, action: .reply("552 5.3.4 too big"), outcome: "refused 552 mail", staysReusable: true),
    Case(step: .mail, action: .replyAndDrop("421 4.3.2 bye"), outcome: "unavailable 421 mail", staysReusable: false),
    Case(step: .mail, action: .drop, outcome: "interrupted mail", staysReusable: false),
    Case(step: .mail, action: .reply("what now"), outcome: "interrupted mail", staysReusable: false),
    Case(step: .mail, action: .reply("354 odd"), outcome: "interrupted mail", staysReusable: false),
    Case(step: .mail, action: .endless, outcome: "interrupted mail", staysReusable: false),
    Case(step: .rcpt, action: .reply("450 4.2.1 slow down"), outcome: "deferred 450 rcpt", staysReusable: true),
    Case(step: .rcpt, action: .reply("550 5.1.1 nobody"), outcome: "refused 550 rcpt", staysReusable: true),
    Case(step: .rcpt, action: .replyAndDrop("421 bye"), outcome: "unavailable 421 rcpt", staysReusable: false),
    Case(step: .rcpt, action: .replyAndDrop("550 5.1.1 nobody"), outcome: "refused 550 rcpt", staysReusable: false),
    Case(step: .rcpt, action: .drop, outcome: "interrupted rcpt", staysReusable: false),
    Case(step: .data, action: .reply("451 4.3.0 later"), outcome: "deferred 451 data", staysReusable: true),
    Case(step: .data, action: .reply("554 5.7.1 no"), outcome: "refused 554 data", staysReusable: true),
    Case(step: .data, action: .reply("250 ok"), outcome: "interrupted data", staysReusable: false),
    Case(step: .data, action: .drop, outcome: "interrupted data", staysReusable: false),
    Case(step: .dot, action: .reply("451 4.3.0 later"), outcome: "deferred 451 dot", staysReusable: true, dots: 1),
    Case(step: .dot, action: .reply("554 5.7.1 spam"), outcome: "refused 554 dot", staysReusable: true, dots: 1),
    Case(
      step: .dot, action: .replyAndDrop("421 4.3.0 full"), outcome: "deferred 421 dot", staysReusable: false, dots: 1),
    Case(step: .dot, action: .drop, outcome: "uncertain", staysReusable: false, dots: 1),
    Case(step: .dot, action: .reply("thanks!"), outcome: "uncertain", staysReusable: false, dots: 1),
    Case(step: .dot, action: .reply("354 more?"), outcome: "uncertain", staysReusable: false, dots: 1),
    Case(step: .dot, action: .reply("250-ok\r\n550 no"), outcome: "uncertain", staysReusable: false, dots: 1),
    Case(step: .dot, action: .replyAndDrop("250-half"), outcome: "uncertain", staysReusable: false, dots: 1),
    Case(step: .dot, action: .raw(Array("250 no end".utf8)), outcome: "uncertain", staysReusable: false, dots: 1),
    Case(step: .dot, action: .endless, outcome: "uncertain", staysReusable: false, dots: 1),
    Case(step: .dot, action: .stall, outcome: "uncertain", staysReusable: false, dots: 1),
  ]

  @Test("faults 16, 22: outcome and connection, pipelined", arguments: cases)
  func pipelined(_ example: Case) throws { try check(example, pipelining: true) }

  @Test("faults 16, 22: outcome and connection, step by step", arguments: cases)
  func stepByStep(_ example: Case) throws { try check(example, pipelining: false) }

  private func check(_ example: Case, pipelining: Bool) throws {
    let server = try SMTPMischiefServer(.at(example.step, example.action, pipelining: pipelining))
    defer { server.stop() }
    let connection = try server.connect(dotTimeout: .seconds(3))
    #expect(connection.deliver().summary == example.outcome)
    #expect(connection.isReusable() == example.staysReusable)
    #expect(server.record.messages.count == example.dots)
  }

  @Test func `a relay that does not forget an envelope gets no other`() throws {
    var mischief = Mischief()
    mischief.action = { step, _ in
      switch step {
      case .rcpt: .reply("550 5.1.1 nobody")
      case .rset: .reply("500 5.5.2 what?")
      default: .normal
      }
    }
    let server = try SMTPMischiefServer(mischief)
    defer { server.stop() }
    let connection = try server.connect()
    #expect(connection.deliver().summary == "refused 550 rcpt")
    #expect(!connection.isReusable())
  }

  @Test func `a 552 to MAIL is final only where the size was told`() throws {
    var mischief = Mischief.at(.mail, .reply("552 5.2.2 over quota"))
    mischief.capabilities.removeAll { $0.hasPrefix("SIZE") }
    let server = try SMTPMischiefServer(mischief)
    defer { server.stop() }
    #expect(try server.connect().deliver().summary == "deferred 552 mail")
  }

  @Test(
    "faults 21, 22: a relay that does not get as far as MAIL",
    arguments: [
      (MischiefStep.greeting, MischiefAction.replyAndDrop("554 5.7.1 go away"), ConnectionFailureKind.greeting),
      (.greeting, .replyAndDrop("421 4.7.0 busy"), .greeting),
      (.greeting, .drop, .greeting), (.greeting, .stall, .timeout), (.greeting, .reply("SSH-2.0-x"), .greeting),
      (.hello, .stall, .timeout), (.hello, .endless, .dialogue),
      (.greeting, .slow("220 a greeting that takes its time", milliseconds: 200), .timeout),
    ])
  func failsToOpen(_ step: MischiefStep, _ action: MischiefAction, _ kind: ConnectionFailureKind) throws {
    let server = try SMTPMischiefServer(.at(step, action))
    defer { server.stop() }
    var settings = server.settings(commandTimeout: .seconds(3))
    settings.connectTimeout = .seconds(3)
    let connection = SMTPConnection(settings)
    let failure = #expect(throws: SMTPFailure.self) { try connection.open() }
    #expect(failure?.kind == kind)
    #expect(failure?.outcome.summary.hasPrefix("unavailable") == true)
  }

  @Test("fault 22: one byte at a time ends at the deadline of the whole reply")
  func slowBytesAreBounded() throws {
    let text = "250 " + String(repeating: "x", count: 200)
    let server = try SMTPMischiefServer(.at(.mail, .slow(text, milliseconds: 50)))
    defer { server.stop() }
    let connection = try server.connect(commandTimeout: .seconds(3))
    #expect(connection.deliver().summary == "interrupted mail")
    #expect(!connection.isReusable())
  }

  @Test("fault 17: a reply that comes before its dot is never taken for the dot's")
  func earlyReplyIsNotTheDots() throws {
    let server = try SMTPMischiefServer(.at(.data, .reply("354 go\r\n250 queued")))
    defer { server.stop() }
    let connection = try server.connect()
    #expect(connection.deliver().summary.hasPrefix("interrupted"))
    #expect(!connection.isReusable())
    #expect(server.wait { $0.ended == 1 })
    #expect(server.record.messages.isEmpty)
  }

  @Test("fault 17: words after a reply end the use of the connection")
  func unaskedReplyEndsReuse() throws {
    let server = try SMTPMischiefServer(.at(.dot, .reply("250 queued\r\n250 again")))
    defer { server.stop() }
    let connection = try server.connect()
    #expect(connection.deliver().summary == "accepted 250")
    #expect(TestEnvironment.wait { !connection.isReusable() })
    #expect(connection.deliver().summary.hasPrefix("interrupted"))
    #expect(server.record.messages.count == 1)
  }

  @Test func connectionIsReusedAfterRefusals() throws {
    var mischief = Mischief()
    mischief.action = { step, moment in
      step == .rcpt && moment.message % 2 == 1 ? .reply("550 5.1.1 nobody") : .normal
    }
    let server = try SMTPMischiefServer(mischief)
    defer { server.stop() }
    let connection = try server.connect()
    let outcomes = (0..<10).map { _ in connection.deliver().summary }
    #expect(outcomes == (0..<10).map { $0 % 2 == 0 ? "refused 550 rcpt" : "accepted 250" })
    #expect(server.record.connections == 1)
    #expect(server.record.messages.count == 5)
  }

  @Test func idleConnectionThatTheRelayClosedIsNotReusable() throws {
    let server = try SMTPMischiefServer(.at(.dot, .replyAndDrop("250 queued")))
    defer { server.stop() }
    let connection = try server.connect()
    #expect(connection.deliver().summary == "accepted 250")
    #expect(TestEnvironment.wait { !connection.isReusable() })
  }

  @Test func relayThatHangsUpInTheBodyGetsNoDot() throws {
    let server = try SMTPMischiefServer(.at(.body, .drop))
    defer { server.stop() }
    let connection = try server.connect()
    let body = Array(String(repeating: String(repeating: "x", count: 70) + "\r\n", count: 50_000).utf8)
    #expect(connection.deliver(body).summary == "interrupted body")
    #expect(server.record.messages.isEmpty)
  }
}
