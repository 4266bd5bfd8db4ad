import MailModel
import Synchronization
import TestSupport
import Testing

@testable import Transport

/// Greeting, login and the opening of a mailbox, in one breath where the server allows it.
@Suite struct IMAPOpeningTests {
  /// Answers as `script` says, and else as a mailbox with three mails does. `nil` closes the connection.
  private func server(
    greeting: String = "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\n", chatter: String = "",
    _ script: @escaping @Sendable (_ tag: String, _ command: String) -> String?? = { _, _ in .none }
  ) throws -> LineServer {
    try LineServer(greeting: greeting, chatter: chatter) { line in
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      let (tag, command) = (words.first ?? "", words.count > 1 ? words[1] : "")
      if let reply = script(tag, command) { return reply }
      let told = command.hasPrefix("SELECT") ? "* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4] x\r\n* 3 EXISTS\r\n" : ""
      return "\(told)\(tag) OK done\r\n"
    }
  }

  private func connection(_ server: LineServer, patience: Span = .seconds(30)) -> IMAPConnection {
    let connection = IMAPConnection(
      IMAPSettings(
        host: "127.0.0.1", port: server.port, security: .none, username: "user", password: Secret("canary"),
        connectTimeout: .seconds(30), commandTimeout: .seconds(30)))
    connection.pipelinePatience = patience
    return connection
  }

  private let status = MailboxStatus(uidValidity: 7, uidNext: 4, exists: 3)
  private let window = FetchWindow(uids: 1...512, maximumBytes: 100)

  /// Commands without their tags, the login by its first word.
  private func commands(_ server: LineServer) -> [String] {
    server.received.map { line in
      let command = line.drop { $0 != " " }.dropFirst()
      return command.hasPrefix("AUTHENTICATE") ? "AUTHENTICATE" : String(command)
    }
  }

  @Test func `login, mailbox and mails are asked for in one breath`() throws {
    let waiting = Mutex("")
    let server = try server { tag, command in
      // Nothing is answered before everything was asked.
      if command.hasPrefix("AUTHENTICATE") || command.hasPrefix("SELECT") {
        waiting.withLock {
          $0 += (command.hasPrefix("SELECT") ? "* OK [UIDVALIDITY 7] x\r\n" : "") + "\(tag) OK done\r\n"
        }
        return ""
      }
      return command.hasPrefix("UID FETCH") ? waiting.withLock { $0 } + "\(tag) OK done\r\n" : .none
    }
    defer { server.stop() }
    let connection = connection(server)
    #expect(try connection.open(selecting: "INBOX", anticipating: window).uidValidity == 7)
    #expect(try connection.mails(1...3, maximumBytes: 100).isEmpty)
    #expect(commands(server) == ["AUTHENTICATE", #"SELECT "INBOX""#, "UID FETCH 1:512 (UID BODY.PEEK[]<0.100>)"])
  }

  @Test(arguments: [
    ("", "", false), ("", "[READ-ONLY] ", true), ("", "[READ-WRITE] ", false),
    ("* OK [PERMANENTFLAGS ()] x\r\n", "", true), ("* OK [PERMANENTFLAGS (\\Deleted \\*)] x\r\n", "", true),
    ("* OK [PERMANENTFLAGS (\\Seen \\Deleted)] x\r\n", "[READ-WRITE] ", false),
  ])
  func `whether mails can be flagged is told at the opening`(told: String, code: String, isReadOnly: Bool) throws {
    let server = try server { tag, command in
      command.hasPrefix("SELECT") ? "* OK [UIDVALIDITY 7] x\r\n\(told)\(tag) OK \(code)done\r\n" : .none
    }
    defer { server.stop() }
    #expect(try connection(server).open(selecting: "INBOX").isReadOnly == isReadOnly)
  }

  @Test func `a greeting that tells no capabilities is asked for them`() throws {
    let login = Mutex("")
    let server = try server(greeting: "* OK ready\r\n") { tag, command in
      switch command {
      case "CAPABILITY": return "* CAPABILITY IMAP4rev1 AUTH=PLAIN LOGINDISABLED\r\n\(tag) OK done\r\n"
      case "AUTHENTICATE PLAIN":
        login.withLock { $0 = tag }
        return "+ \r\n"
      case "": return "\(login.withLock { $0 }) OK in\r\n"
      default: return .none
      }
    }
    defer { server.stop() }
    #expect(try connection(server).open(selecting: "INBOX") == status)
    #expect(server.received.count == 4)
    #expect(server.received[2] == "AHVzZXIAY2FuYXJ5", "the response stands alone in its line")
    #expect(server.received[3].hasSuffix(#"SELECT "INBOX""#), "nothing goes along with a login in two steps")
  }

  /// What becomes of a command that came along with the login, on the first connection.
  enum Loss: CaseIterable { case silence, hangsUp, refuses, takesNoLogin, losesOnlySelect }

  @Test(arguments: Loss.allCases)
  func `a server that loses what comes along with a login is asked again`(_ loss: Loss) throws {
    let server = try server { tag, _ in
      switch (tag, loss) {
      case ("P1", .takesNoLogin): "* BYE one command at a time\r\n"
      case ("P2", .silence), ("P3", .silence), ("P2", .losesOnlySelect): ""
      case ("P3", .losesOnlySelect): "\(tag) BAD no mailbox\r\n"
      case ("P2", .hangsUp), ("P2", .takesNoLogin): .some(nil)
      case ("P2", .refuses), ("P3", .refuses): "\(tag) BAD not logged in\r\n"
      default: .none
      }
    }
    defer { server.stop() }
    let isSilent = [.silence, .losesOnlySelect].contains(loss)
    let connection = connection(server, patience: isSilent ? .milliseconds(200) : .seconds(30))
    #expect(try connection.open(selecting: "INBOX", anticipating: window) == status)
    #expect(commands(server).count { $0 == "AUTHENTICATE" } == (loss == .refuses ? 1 : 2))
    #expect(try connection.mails(1...3, maximumBytes: 100).isEmpty, "the connection goes on")
  }

  @Test func `a mailbox that does not exist is refused, not the login`() throws {
    let server = try server { tag, command in command.hasPrefix("SELECT") ? "\(tag) NO no such mailbox\r\n" : .none }
    defer { server.stop() }
    let failure = #expect(throws: IMAPFailure.self) { try connection(server).open(selecting: "Gone") }
    #expect(failure?.kind == .refused(command: #"SELECT "Gone""#))
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    var greeting = "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\n"
    /// To the login.
    var answer: String? = ""
    var kind: ConnectionFailureKind
    /// `nil` where the system chooses the words.
    var told: String?
    var testDescription: String { told ?? "hangs up" }
  }

  static let refusals: [Refusal] = [
    Refusal(answer: "TAG NO [AUTHENTICATIONFAILED] wrong\r\n", kind: .login, told: "NO wrong"),
    Refusal(answer: "TAG BAD LOGIN user canary\r\n", kind: .login, told: "BAD LOGIN user •••"),
    Refusal(answer: "TAG NO AHVzZXIAY2FuYXJ5 is wrong\r\n", kind: .login, told: "NO ••• is wrong"),
    Refusal(answer: "* BYE too many\r\n", kind: .dialogue, told: "BYE too many"),
    Refusal(answer: "+ more\r\n", kind: .login, told: "asks for more"),
    Refusal(answer: nil, kind: .dialogue),
    Refusal(answer: "hello\r\n", kind: .dialogue, told: "not an IMAP response"),
    Refusal(greeting: "* BYE overloaded\r\n", kind: .greeting, told: "BYE overloaded"),
    Refusal(greeting: "220 mail.example ESMTP\r\n", kind: .greeting, told: "not an IMAP response"),
    Refusal(greeting: "* 3 EXISTS\r\n", kind: .greeting, told: "no greeting"),
    Refusal(
      greeting: "* OK [CAPABILITY LOGINDISABLED AUTH=CRAM-MD5 AUTH=X] hi\r\n", kind: .login,
      told: "it offers CRAM-MD5, X"),
  ]

  @Test(arguments: refusals)
  func `a login that fails says why, and never the password`(_ refusal: Refusal) throws {
    let server = try server(greeting: refusal.greeting) { tag, command in
      guard command.hasPrefix("AUTHENTICATE") else { return .none }
      return .some(refusal.answer.map { $0.hasPrefix("TAG") ? tag + $0.dropFirst(3) : $0 })
    }
    defer { server.stop() }
    let connection = connection(server)
    let failure = #expect(throws: IMAPFailure.self) { try connection.open(selecting: "INBOX") }
    #expect(failure?.kind == .connection(refusal.kind))
    #expect(failure?.detail.contains(refusal.told ?? "") == true, "\(failure?.detail ?? "")")
    #expect(failure?.description.contains("canary") == false)
    #expect(!connection.isOpen)
  }

  @Test func `a server that stays silent is given up`() throws {
    let server = try server(greeting: "")
    defer { server.stop() }
    let settings = IMAPSettings(
      host: "127.0.0.1", port: server.port, security: .none, username: "user", password: Secret("canary"),
      commandTimeout: .milliseconds(200))
    let failure = #expect(throws: IMAPFailure.self) { try IMAPConnection(settings).open() }
    #expect(failure?.kind == .connection(.timeout))
  }

  /// At which step the server goes on talking instead of answering.
  @Test(arguments: ["CAPABILITY", "AUTHENTICATE", "SELECT", "UID FETCH", "UID STORE"])
  func `a server that goes on talking and never answers is given up`(_ step: String) throws {
    let server = try server(
      greeting: step == "CAPABILITY" ? "* OK ready\r\n" : "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\n",
      chatter: "* OK still at it\r\n"
    ) { _, command in command.hasPrefix(step) ? "" : .none }
    defer { server.stop() }
    let connection = IMAPConnection(
      IMAPSettings(
        host: "127.0.0.1", port: server.port, security: .none, username: "user", password: Secret("canary"),
        connectTimeout: .milliseconds(300), commandTimeout: .milliseconds(100)))
    let failure = #expect(throws: IMAPFailure.self) {
      _ = try connection.open(selecting: "INBOX")
      _ = try connection.mails(1...3, maximumBytes: 100)
      try connection.addSeenFlag([1])
    }
    #expect([.timeout, .connection(.timeout)].contains(failure?.kind), "\(failure?.description ?? "")")
    #expect(!connection.isOpen)
  }

  /// Forms in which a server may repeat what was said to it.
  @Test(arguments: [#"ca"na\ry"#, #""user" "ca\"na\\ry""#, "AHVzZXIAY2EibmFccnk="], [true, false])
  func `a password is taken out however it is spelled`(_ spelling: String, hasInitialResponse: Bool) throws {
    let capabilities = hasInitialResponse ? "SASL-IR AUTH=PLAIN" : "IMAP4rev1"
    for said in [
      "TAG NO \(spelling)", "TAG BAD [X] what is \(spelling)?", "* BYE \(spelling)", "\(spelling) BAD what", spelling,
    ] {
      for command in ["AUTHENTICATE", "LOGIN", "SELECT"] {
        let server = try server(greeting: "* OK [CAPABILITY \(capabilities)] ready\r\n") { tag, line in
          guard line.hasPrefix(command) else { return .none }
          return (said.hasPrefix("TAG") ? tag + said.dropFirst(3) : said) + "\r\n"
        }
        defer { server.stop() }
        let connection = IMAPConnection(
          IMAPSettings(
            host: "127.0.0.1", port: server.port, security: .none, username: "user", password: Secret(#"ca"na\ry"#),
            connectTimeout: .seconds(30), commandTimeout: .seconds(30)))
        do { _ = try connection.open(selecting: "INBOX") } catch {
          #expect(!error.description.contains("ca\"na") && !error.description.contains("ca\\\"na"))
          #expect(!error.description.contains("AHVzZXIAY2EibmFccnk"))
        }
      }
    }
  }
}
