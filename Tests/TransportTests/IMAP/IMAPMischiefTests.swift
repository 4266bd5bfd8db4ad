import Foundation
import MailModel
import TestSupport
import Testing
import Transport

/// Mailbox servers that break the protocol: always a typed error, never a wait without end.
@Suite struct IMAPMischiefTests {
  /// Answers the login as it should be and everything else as `answer` says.
  private func server(
    greeting: String = "* OK ready\r\n", capability: String = "IMAP4rev1",
    answer: @escaping @Sendable (_ tag: String, _ command: String) -> String? = { tag, _ in "\(tag) OK done\r\n" }
  ) throws -> LineServer {
    try LineServer(greeting: greeting) { line in
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      let tag = words.first ?? "*"
      let command = words.count > 1 ? words[1] : ""
      switch command.prefix(5) {
      case "CAPAB": return "* CAPABILITY \(capability)\r\n\(tag) OK done\r\n"
      case "LOGIN": return "\(tag) OK in\r\n"
      default: return answer(tag, command)
      }
    }
  }

  private func settings(_ server: LineServer, _ security: MailServer.Security = .none) -> IMAPSettings {
    IMAPSettings(
      host: "127.0.0.1", port: server.port, security: security, username: "user", password: Secret("canary"),
      connectTimeout: .seconds(30), commandTimeout: .seconds(3))
  }

  @Test("fault 21: PREAUTH and a stripped STARTTLS are refused, the password unsent")
  func refusesPreauth() throws {
    for greeting in ["* PREAUTH welcome\r\n", "* OK ready\r\n"] {
      for security in [MailServer.Security.startTLS, .none] where greeting.contains("PREAUTH") || security == .startTLS
      {
        let server = try server(greeting: greeting)
        defer { server.stop() }
        #expect(throws: IMAPFailure.self) { try IMAPConnection(settings(server, security)).open() }
        #expect(TestEnvironment.wait { server.endedConnections == 1 })
        #expect(!server.received.contains { $0.contains("canary") || $0.contains("LOGIN") })
      }
    }
  }

  @Test("fault 21: responses injected after the OK to STARTTLS are not believed")
  func refusesInjection() throws {
    let server = try server(capability: "IMAP4rev1 STARTTLS") { tag, command in
      command == "STARTTLS" ? "\(tag) OK go\r\n* CAPABILITY IMAP4rev1\r\nA003 OK in\r\n" : nil
    }
    defer { server.stop() }
    #expect(throws: IMAPFailure.self) { try IMAPConnection(settings(server, .startTLS)).open() }
    #expect(!server.received.contains { $0.contains("canary") })
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var answer: String?
    var kind: IMAPFailure.Kind
    var testDescription: String { answer.map { String($0.prefix(60)).debugDescription } ?? "hangs up" }
  }

  static let cases: [Case] = [
    Case(answer: nil, kind: .closed),
    Case(answer: "", kind: .timeout),
    Case(answer: "* BYE shutting down\r\n", kind: .closed),
    Case(answer: "TAG NO no\r\n", kind: .refused(command: "UID FETCH")),
    Case(answer: "TAG BAD what\r\n", kind: .refused(command: "UID FETCH")),
    Case(answer: "* 2 FETCH (UID 5 BODY[]<0> NIL)\r\nTAG OK done\r\n", kind: .refused(command: "UID FETCH")),
    Case(answer: "X99 OK done\r\n", kind: .protocolViolation),
    Case(answer: "hello\r\n", kind: .protocolViolation),
    Case(answer: "* 1 FETCH (UID 1 BODY[]<0> {900000000}\r\n", kind: .protocolViolation),
    Case(answer: "* 1 FETCH (UID 1 X " + String(repeating: "(", count: 100) + "\r\n", kind: .protocolViolation),
    Case(answer: "* 1 FETCH (UID 1 BODY[] \"a\rb\")\r\n", kind: .protocolViolation),
    Case(answer: "* 1 FETCH (UID 1 BODY[] {10}\r\nabc", kind: .timeout),
    Case(answer: "* " + String(repeating: "x", count: 200_000), kind: .protocolViolation),
  ]

  @Test("fault 26: hostile answers to FETCH", arguments: cases)
  func fetchFails(_ example: Case) throws {
    let server = try server { tag, command in
      guard command.hasPrefix("UID FETCH") else { return "* OK [UIDVALIDITY 1] x\r\n\(tag) OK done\r\n" }
      return example.answer.map { $0.hasPrefix("TAG") ? tag + $0.dropFirst(3) : $0 }
    }
    defer { server.stop() }
    let connection = IMAPConnection(settings(server))
    try connection.open()
    #expect(try connection.examine("INBOX") == MailboxStatus(uidValidity: 1, uidNext: nil, exists: 0))
    let failure = #expect(throws: IMAPFailure.self) { try connection.mails(1...10) }
    #expect(failure?.kind == example.kind)
    #expect(!connection.isOpen)
  }

  @Test("another thread ends a wait, whether the server greets nobody or answers nothing", arguments: [true, false])
  func interrupted(greets: Bool) throws {
    let server = try server(greeting: greets ? "* OK ready\r\n" : "") { tag, command in
      command.hasPrefix("UID FETCH") ? "" : "* OK [UIDVALIDITY 1] x\r\n\(tag) OK done\r\n"
    }
    defer { server.stop() }
    var settings = settings(server)
    settings.commandTimeout = .minutes(10)
    let interrupter = Interrupter()
    let connection = IMAPConnection(settings, interrupter: interrupter)
    Thread.detachNewThread {
      if greets { _ = TestEnvironment.wait { server.received.contains { $0.contains("UID FETCH") } } }
      interrupter.interrupt()
    }
    let failure = #expect(throws: IMAPFailure.self) {
      _ = try connection.open(selecting: "INBOX")
      _ = try connection.mails(1...10)
    }
    #expect(failure?.kind == (greets ? .interrupted : .connection(.interrupted)))
  }

  @Test("fault 25: mails without a UID or a body are left out, and that some are gone is no failure")
  func expungeRace() throws {
    let server = try server { tag, command in
      guard command.hasPrefix("UID FETCH") else { return "* OK [UIDVALIDITY 1] x\r\n\(tag) OK done\r\n" }
      return """
        * 1 FETCH (UID 3 FLAGS () RFC822.SIZE 2 BODY[]<0> {2}\r
        ab)\r
        * 2 EXPUNGE\r
        * 3 FETCH (FLAGS (\\Seen))\r
        * 9 EXISTS\r
        * 5 FETCH (RFC822.SIZE 1 BODY[]<0> "y" FLAGS (\\Seen) UID 7)\r
        \(tag) NO [EXPUNGEISSUED] some are gone\r

        """
    }
    defer { server.stop() }
    let connection = IMAPConnection(settings(server))
    try connection.open()
    _ = try connection.examine("INBOX")
    let mails = try connection.mails(1...10)
    #expect(mails.map(\.uid) == [3, 7])
    #expect(mails.map(\.raw) == [Array("ab".utf8), Array("y".utf8)])
  }

  @Test func mailboxWithoutUIDVALIDITYIsRefused() throws {
    let server = try server()
    defer { server.stop() }
    let connection = IMAPConnection(settings(server))
    try connection.open()
    let failure = #expect(throws: IMAPFailure.self) { try connection.examine("INBOX") }
    #expect(failure?.kind == .protocolViolation)
  }
}
