import Foundation
import MailFormats
import MailModel
import TestSupport
import Testing
import Transport

/// The SMTP engine against a real Postfix that delivers into a real Dovecot.
@Suite(.enabled(if: TestEnvironment.hasServers), .serialized) struct PostfixTests {
  private struct Servers {
    var dovecot: DovecotServer
    var open: PostfixServer
    var guarded: PostfixServer
  }

  private static let shared = Result {
    let dovecot = try DovecotServer(users: MailServers.users)
    let users = Array(MailServers.users.keys)
    return Servers(
      dovecot: dovecot, open: try PostfixServer(dovecot: dovecot, users: users),
      guarded: try PostfixServer(dovecot: dovecot, users: users, requiresLogin: true))
  }

  private func settings(_ server: PostfixServer, password: String = "secret-1", caFile: String? = nil) -> SMTPSettings {
    SMTPSettings(
      host: "localhost", port: server.port, username: "sender@ours.test", password: Secret(password),
      caFile: caFile ?? server.authority.caFile)
  }

  private func waitForMails(_ server: DovecotServer, user: String, count: Int) throws -> [FetchedMail] {
    var mails: [FetchedMail] = []
    _ = TestEnvironment.wait {
      mails = (try? MailServers.mails(server, user: user)) ?? []
      return mails.count >= count
    }
    return mails
  }

  @Test func deliversWithSTARTTLSAndLogin() throws {
    let servers = try Self.shared.get()
    let connection = SMTPConnection(settings(servers.guarded))
    try connection.open()
    #expect(connection.capabilities.pipelining && connection.capabilities.dsn && connection.capabilities.eightBitMIME)
    for number in 1...20 {
      let body = Array("Subject: über \(number)\r\n\r\n.dot\r\n..\r\n".utf8)
      let mail = connection.prepare(
        envelopeSender: "sender+x@ours.test", recipient: "spare+\(number)@ours.test", body: body)
      let outcome = connection.deliver(mail, gate: ScriptedGate(), now: { Timestamp(seconds: 0) }).outcome
      #expect(outcome.summary == "accepted 250")
    }
    #expect(connection.deliveries == 20)
    connection.close()
    let mails = try waitForMails(servers.dovecot, user: "spare@ours.test", count: 20)
    #expect(mails.count == 20)
    #expect(mails.allSatisfy { $0.text.hasSuffix("\r\n\r\n.dot\r\n..\r\n") })
  }

  @Test func unknownRecipientComesBackAsADSN() throws {
    let servers = try Self.shared.get()
    let connection = SMTPConnection(settings(servers.guarded))
    try connection.open()
    let mail = connection.prepare(
      envelopeSender: "sender+token@ours.test", recipient: "nobody@ours.test", body: smallBody,
      envelopeID: "env=1")
    let outcome = connection.deliver(mail, gate: ScriptedGate(), now: { Timestamp(seconds: 0) }).outcome
    #expect(outcome.summary == "accepted 250")
    connection.close()
    let mails = try waitForMails(servers.dovecot, user: "sender@ours.test", count: 1)
    let report = try #require(mails.first)
    #expect(report.text.contains("multipart/report"))
    #expect(report.text.contains("Original-Envelope-Id: env=1"))
    #expect(report.text.contains("nobody@ours.test"))
  }

  @Test func refusalsKeepTheConnection() throws {
    let servers = try Self.shared.get()
    let connection = SMTPConnection(settings(servers.open))
    try connection.open()
    #expect(connection.deliver(to: "r@elsewhere.test").summary == "accepted 250")
    #expect(connection.isReusable())
    let plain = SMTPConnection(
      SMTPSettings(host: "127.0.0.1", port: servers.guarded.port, caFile: servers.open.authority.caFile))
    try plain.open()
    // Not logged in: RCPT is refused, DATA with it, and the session stays in step.
    for _ in 0..<3 { #expect(plain.deliver(to: "spare@ours.test").summary == "refused 554 rcpt") }
    #expect(plain.isReusable())
    plain.close()
    connection.close()
  }

  @Test func wrongPassword() throws {
    let servers = try Self.shared.get()
    let failure = #expect(throws: SMTPFailure.self) {
      try SMTPConnection(settings(servers.guarded, password: "canary-wrong")).open()
    }
    #expect(failure?.kind == .login)
    #expect(failure?.reply?.code == 535)
    #expect(failure?.description.contains("canary") == false)
  }

  @Test("fault 21: a bad certificate is refused and no login follows")
  func badCertificate() throws {
    let servers = try Self.shared.get()
    let folder = try TemporaryFolder()
    let stranger = try TestAuthority(in: folder, named: "stranger")
    let failure = #expect(throws: SMTPFailure.self) {
      try SMTPConnection(settings(servers.guarded, caFile: stranger.caFile)).open()
    }
    #expect(failure?.kind == .tls)
    var other = settings(servers.guarded)
    other.endpoint.host = "127.0.0.2"
    let named = #expect(throws: SMTPFailure.self) { try SMTPConnection(other).open() }
    #expect(named?.kind == .tls || named?.kind == .connect)
    #expect(!servers.guarded.log.contains("127.0.0.2"))
  }

  @Test("fault 18: over TLS and a real Postfix every smuggling body is one message")
  func smuggling() throws {
    let servers = try Self.shared.get()
    let before = try MailServers.mails(servers.dovecot, user: "reader@ours.test").count
    let connection = SMTPConnection(settings(servers.open))
    try connection.open()
    for body in Smuggling.bodies {
      #expect(connection.deliver(Array(body.utf8), to: "reader@ours.test").summary == "accepted 250")
    }
    connection.close()
    let expected = before + Smuggling.bodies.count
    let mails = try waitForMails(servers.dovecot, user: "reader@ours.test", count: expected)
    #expect(TestEnvironment.wait { servers.open.queueLength == 0 })
    #expect(mails.count == expected)
    #expect(try MailServers.mails(servers.dovecot, user: "reader@ours.test").count == expected)
    #expect(!servers.open.log.contains("evil@x.example"))
  }

  @Test func withdrawnMessagesNeverArrive() throws {
    let servers = try Self.shared.get()
    for question in 2...6 {
      let connection = SMTPConnection(settings(servers.open))
      try connection.open()
      let body = Array(("Subject: withdrawn-canary\r\n\r\n" + String(repeating: "x\r\n", count: 40_000)).utf8)
      let gate = ScriptedGate(closesAt: question)
      #expect(connection.deliver(body, to: "spare@ours.test", gate: gate).summary == "withdrawn")
    }
    #expect(TestEnvironment.wait { servers.open.queueLength == 0 })
    let mails = try MailServers.mails(servers.dovecot, user: "spare@ours.test")
    #expect(!mails.contains { $0.text.contains("withdrawn-canary") })
  }
}
