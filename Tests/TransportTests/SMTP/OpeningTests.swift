import Foundation
import MailModel
import TestSupport
import Testing
import Transport

/// What must never happen while a connection is set up: a password on a line that somebody else can read.
@Suite struct OpeningTests {
  private let canary = "canary-7f3a"
  private var encodedCanary: String { Data("\0user\0\(canary)".utf8).base64EncodedString() }

  private func settings(port: Int, security: MailServer.Security, caFile: String? = nil) -> SMTPSettings {
    SMTPSettings(
      host: "127.0.0.1", port: port, security: security, username: "user", password: Secret(canary), caFile: caFile,
      connectTimeout: .seconds(30), commandTimeout: .seconds(30))
  }

  @Test("fault 21: STARTTLS stripped: refused before the login")
  func strippedSTARTTLS() throws {
    var mischief = Mischief()
    mischief.capabilities = ["PIPELINING", "AUTH PLAIN LOGIN"]
    let server = try SMTPMischiefServer(mischief)
    defer { server.stop() }
    let failure = #expect(throws: SMTPFailure.self) {
      try SMTPConnection(settings(port: server.port, security: .startTLS)).open()
    }
    #expect(failure?.kind == .startTLS)
    #expect(server.wait { $0.ended == 1 })
    #expect(!server.record.transcript.contains("AUTH"))
    #expect(failure?.description.contains(canary) == false)
  }

  @Test("fault 21: text injected after the 220 to STARTTLS is not believed")
  func injectedAfterSTARTTLS() throws {
    var mischief = Mischief.at(
      .startTLS, .reply("220 go ahead\r\n250-relay\r\n250 AUTH PLAIN\r\n235 welcome"))
    mischief.capabilities = ["STARTTLS"]
    let server = try SMTPMischiefServer(mischief)
    defer { server.stop() }
    let connection = SMTPConnection(settings(port: server.port, security: .startTLS))
    #expect(throws: SMTPFailure.self) { try connection.open() }
    #expect(!connection.isReusable())
    #expect(server.wait { $0.ended == 1 })
    #expect(!server.record.transcript.contains("AUTH"))
  }

  @Test("STARTTLS refused: no login") func refusedSTARTTLS() throws {
    var mischief = Mischief.at(.startTLS, .reply("454 4.7.0 TLS not available"))
    mischief.capabilities = ["STARTTLS", "AUTH PLAIN"]
    let server = try SMTPMischiefServer(mischief)
    defer { server.stop() }
    let failure = #expect(throws: SMTPFailure.self) {
      try SMTPConnection(settings(port: server.port, security: .startTLS)).open()
    }
    #expect(failure?.kind == .startTLS)
    #expect(failure?.reply?.code == 454)
    #expect(!server.record.transcript.contains("AUTH"))
  }

  @Test func refusedLogin() throws {
    var mischief = Mischief()
    mischief.capabilities = ["AUTH PLAIN"]
    let server = try SMTPMischiefServer(mischief)
    defer { server.stop() }
    let failure = #expect(throws: SMTPFailure.self) {
      try SMTPConnection(settings(port: server.port, security: .none)).open()
    }
    #expect(failure?.kind == .login)
    #expect(failure?.reply?.code == 535)
    #expect(failure?.outcome.summary == "unavailable 535 auth")
    #expect(failure?.description.contains(canary) == false)
    #expect(failure?.description.contains(encodedCanary) == false)
  }

  /// Forms in which a relay may repeat what was said to it: of AUTH PLAIN and AUTH LOGIN, cut at the padding, by itself, quoted.
  @Test(
    "fault 38: what a relay repeats of the password is taken out",
    arguments: [
      "AHVzZXIAY2EibmFccnk=", "AHVzZXIAY2EibmFccnk", "Y2EibmFccnk=", "Y2EibmFccnk", #"ca"na\ry"#, #""ca\"na\\ry""#,
      "ca\"na\\ry\u{301}",
    ], ["PLAIN", "LOGIN"])
  func repeatedPassword(spelling: String, mechanism: String) throws {
    var mischief = Mischief.at(
      .auth, .reply("535-5.7.8 AUTH \(mechanism) \(spelling)\r\n535 5.7.8 who is \(spelling)?"))
    mischief.capabilities = ["AUTH \(mechanism)"]
    let server = try SMTPMischiefServer(mischief)
    defer { server.stop() }
    var settings = settings(port: server.port, security: .none)
    settings.password = Secret(#"ca"na\ry"#)
    let failure = #expect(throws: SMTPFailure.self) { try SMTPConnection(settings).open() }
    #expect(failure?.kind == .login && failure?.reply?.text.contains("••") == true)
    let told = (failure?.description ?? "") + ConnectionProbe.smtp(settings).map(\.detail).joined()
    for form in ["Y2EibmFccnk", "AHVzZXIAY2EibmFccnk", "ca\"na", "ca\\\"na"] { #expect(!told.contains(form)) }
  }

  @Test("a relay that offers no login although one is set is not used in silence")
  func missingLogin() throws {
    let server = try SMTPMischiefServer()
    defer { server.stop() }
    let failure = #expect(throws: SMTPFailure.self) {
      try SMTPConnection(settings(port: server.port, security: .none)).open()
    }
    #expect(failure?.kind == .login)
  }

  @Test("fault 20: control characters in user name or password are refused")
  func injectionThroughLogin() throws {
    let server = try SMTPMischiefServer()
    defer { server.stop() }
    for (user, password) in [("a\r\nb", "x"), ("a", "x\r\ny"), ("a\0b", "x")] {
      let failure = #expect(throws: SMTPFailure.self) {
        try SMTPConnection(
          SMTPSettings(
            host: "127.0.0.1", port: server.port, security: .none, username: user, password: Secret(password))
        ).open()
      }
      #expect(failure?.kind == .settings)
    }
    #expect(server.record.connections == 0)
  }

  @Test func nobodyListens() throws {
    let port = try TestEnvironment.freePort()
    let failure = #expect(throws: SMTPFailure.self) {
      try SMTPConnection(settings(port: port, security: .startTLS)).open()
    }
    #expect(failure?.kind == .connect)
  }

  @Test func probeNamesTheStepThatFailed() throws {
    var mischief = Mischief()
    mischief.capabilities = ["AUTH PLAIN"]
    let server = try SMTPMischiefServer(mischief)
    defer { server.stop() }
    let steps = ConnectionProbe.smtp(settings(port: server.port, security: .none))
    #expect(steps.map(\.name) == [.settings, .tcp, .tls, .login])
    #expect(steps.map(\.verdict) == [.passed, .passed, .skipped, .failed])
    #expect(!steps.contains { $0.detail.contains(canary) })
    let stripped = ConnectionProbe.smtp(settings(port: server.port, security: .startTLS))
    #expect(stripped.map(\.verdict) == [.passed, .passed, .failed, .skipped])
  }
}
