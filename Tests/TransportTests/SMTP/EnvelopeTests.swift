import MailModel
import TestSupport
import Testing
import Transport

@Suite struct EnvelopeTests {
  @Test(
    "faults 19, 20: an address that would inject is refused before any byte",
    arguments: [
      "a@b.example>\r\nRCPT TO:<c@d.example", "a@b.example\nDATA", "a\0@b.example", "<a@b.example>", "a b@c.example",
      "a@b.example ORCPT=x", "", "nodomain",
    ])
  func refusesInjection(_ address: String) throws {
    let server = try SMTPMischiefServer()
    defer { server.stop() }
    let connection = try server.connect()
    let bytes = server.record.bytes
    #expect(connection.deliver(to: address).summary == "refused 501 mail")
    #expect(server.record.bytes == bytes)
    #expect(connection.isReusable())
  }

  @Test("fault 20: EHLO cannot be injected into")
  func refusesHelloInjection() throws {
    let server = try SMTPMischiefServer()
    defer { server.stop() }
    for name in ["a\r\nMAIL FROM:<x@y>", "a%0d%0ab", "a b", "a?b", "a/b"] {
      var settings = server.settings()
      settings.helloName = name
      let failure = #expect(throws: SMTPFailure.self) { try SMTPConnection(settings).open() }
      #expect(failure?.kind == .settings)
    }
    #expect(server.record.connections == 0)
  }

  @Test func plainTextToAnotherMachineIsRefused() {
    for host in ["192.0.2.1", "mail.example", "127.0.0.1.example", "::2"] {
      let failure = #expect(throws: SMTPFailure.self) {
        try SMTPConnection(SMTPSettings(host: host, port: 25, security: .none)).open()
      }
      #expect(failure?.kind == .settings)
    }
  }

  struct Case: Sendable {
    var offered: [String]
    var sender = "s@from.example"
    var recipient = "r@dest.example"
    var body = "Subject: x\r\n\r\nplain\r\n"
    var envelopeID: String?
    var mail = ""
    var rcpt = "<r@dest.example>"
    var outcome = "accepted 250"
  }

  static let cases: [Case] = [
    Case(offered: [], mail: "<s@from.example>"),
    Case(offered: ["SIZE"], mail: "<s@from.example> SIZE=21"),
    Case(offered: ["SIZE 20"], outcome: "refused 552 mail"),
    Case(offered: ["8BITMIME"], body: "\r\nä\r\n", mail: "<s@from.example> BODY=8BITMIME"),
    Case(offered: [], body: "\r\nä\r\n", outcome: "refused 554 mail"),
    Case(
      offered: ["SMTPUTF8"], recipient: "ü@dest.example", mail: "<s@from.example> SMTPUTF8", rcpt: "<ü@dest.example>"),
    Case(offered: [], recipient: "ü@dest.example", outcome: "refused 550 mail"),
    Case(offered: [], recipient: "r@bücher.example", mail: "<s@from.example>", rcpt: "<r@xn--bcher-kva.example>"),
    Case(offered: [], sender: "", mail: "<>"),
    // 135 bytes as it is written, 260 in ASCII.
    Case(
      offered: [],
      recipient: String(repeating: "r", count: 60) + "@" + Array(repeating: "ü", count: 25).joined(separator: "."),
      outcome: "refused 501 mail"),
    Case(offered: ["DSN"], mail: "<s@from.example>"),
    Case(offered: [], envelopeID: "x", mail: "<s@from.example>"),
    Case(
      offered: ["DSN"], recipient: "r+x@dest.example", envelopeID: "a+b=c", mail: "<s@from.example> ENVID=a+2Bb+3Dc",
      rcpt: "<r+x@dest.example> ORCPT=rfc822;r+2Bx@dest.example"),
    // The report names the recipient as we know it, not as it goes over the wire; beyond ASCII it cannot.
    Case(
      offered: ["DSN"], recipient: "r@bücher.example", envelopeID: "x", mail: "<s@from.example> ENVID=x",
      rcpt: "<r@xn--bcher-kva.example>"),
    Case(
      offered: ["DSN"], envelopeID: String(repeating: "x", count: 101), mail: "<s@from.example>",
      rcpt: "<r@dest.example> ORCPT=rfc822;r@dest.example"),
  ]

  @Test(arguments: cases) func parametersFollowWhatIsOffered(_ example: Case) throws {
    var mischief = Mischief()
    mischief.capabilities = example.offered
    let server = try SMTPMischiefServer(mischief)
    defer { server.stop() }
    let connection = try server.connect()
    let mail = connection.prepare(
      envelopeSender: example.sender, recipient: example.recipient, body: Array(example.body.utf8),
      envelopeID: example.envelopeID)
    let result = connection.deliver(mail, gate: ScriptedGate(), now: { Timestamp(seconds: 7) })
    #expect(result.outcome.summary == example.outcome)
    guard example.outcome == "accepted 250" else { return }
    #expect(result.renderedAt == Timestamp(seconds: 7))
    #expect(result.repliedAt == Timestamp(seconds: 7))
    let message = try #require(server.record.messages.first)
    #expect(message.mail == example.mail)
    #expect(message.recipients == [example.rcpt])
  }
}
