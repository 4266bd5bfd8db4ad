import MailModel
import Testing

@testable import Sandbox

/// The mailbox over real sockets, with its mischief.
@Suite struct MailboxTests {
  private func opened(_ port: Int, _ verb: String = "SELECT") throws -> RawClient {
    let client = try RawClient(port: port)
    _ = client.line()
    client.send("a LOGIN reports@postroom.invalid rehearsal\r\nb \(verb) INBOX\r\n")
    _ = answer(client, "b")
    return client
  }

  /// All lines up to the tagged one.
  private func answer(_ client: RawClient, _ tag: String) -> [String] {
    var lines: [String] = []
    while let line = client.line() {
      lines.append(line)
      if line.hasPrefix(tag + " ") { break }
    }
    return lines
  }

  @Test func literalsGoBothWays() throws {
    let (sandbox, _, port) = try quickSandbox()
    defer { sandbox.stop() }
    let client = try RawClient(port: port)
    _ = client.line()
    client.send("a LOGIN {24}\r\n")
    #expect(client.line() == "+ go on")
    client.send("reports@postroom.invalid {9+}\r\nrehearsal\r\nb EXAMINE inbox\r\n")
    #expect(answer(client, "b").last == "b OK [READ-ONLY] EXAMINE completed")
    client.send("c APPEND INBOX (\\seen) \"21-Nov-1997 09:55:06 +0000\" {6+}\r\na{3}\r\n\r\n")
    #expect(answer(client, "c").first == "* 1 EXISTS")
    #expect(sandbox.mails().first?.bytes == Array("a{3}\r\n".utf8))
    #expect(sandbox.mails().first?.flags == ["\\Seen"])
    client.send("d UID SEARCH RETURN (MIN MAX COUNT ALL) 1:*\r\n")
    #expect(answer(client, "d").first == "* ESEARCH (TAG \"d\") UID MIN 1 MAX 1 COUNT 1 ALL 1")
  }

  @Test func examineChangesNothing() throws {
    let (sandbox, _, port) = try quickSandbox()
    defer { sandbox.stop() }
    sandbox.deliver(Array("Subject: a\r\n\r\nb".utf8))
    let client = try opened(port, "EXAMINE")
    client.send("c UID FETCH 1 BODY[]\r\nd STORE 1 FLAGS (\\Deleted)\r\ne EXPUNGE\r\n")
    #expect(answer(client, "e").filter { $0.contains(" NO ") }.count == 2)
    #expect(sandbox.mails().first?.flags == [])
  }

  /// Fault 25: a mailbox rebuilt under an open session ends it; the next one sees the new UIDVALIDITY.
  @Test func rebuildingEndsSessions() throws {
    let (sandbox, _, port) = try quickSandbox()
    defer { sandbox.stop() }
    for _ in 0..<3 { sandbox.deliver(Array("x".utf8)) }
    sandbox.removeMail(uid: 1)
    let before = sandbox.uidValidity()
    let client = try opened(port)
    sandbox.rebuildMailbox()
    client.send("c NOOP\r\n")
    #expect(client.line() == "* BYE mailbox was rebuilt")
    #expect(client.isClosed())
    #expect(sandbox.uidValidity() != before)
    #expect(sandbox.mails().map(\.uid) == [1, 2])
  }

  @Test func removedMailIsSkippedAndThenAnnounced() throws {
    let (sandbox, _, port) = try quickSandbox()
    defer { sandbox.stop() }
    for _ in 0..<3 { sandbox.deliver(Array("x".utf8)) }
    let client = try opened(port)
    sandbox.removeMail(uid: 2)
    client.send("c FETCH 1:3 UID\r\nd NOOP\r\n")
    #expect(answer(client, "c") == ["* 1 FETCH (UID 1)", "* 3 FETCH (UID 3)", "c OK FETCH completed"])
    #expect(answer(client, "d") == ["* 2 EXPUNGE", "d OK NOOP completed"])
  }

  @Test func idleHearsOfNewMail() throws {
    let (sandbox, _, port) = try quickSandbox()
    defer { sandbox.stop() }
    let client = try opened(port)
    client.send("c IDLE\r\n")
    #expect(client.line() == "+ idling")
    sandbox.deliver(Array("x".utf8))
    #expect(client.line() == "* 1 EXISTS")
    client.send("DONE\r\n")
    #expect(client.line() == "c OK IDLE ended")
  }

  /// Fault 26: literals that lie or break off.
  @Test func literalMischief() throws {
    let (sandbox, _, port) = try quickSandbox()
    defer { sandbox.stop() }
    sandbox.deliver(Array(repeating: UInt8(ascii: "x"), count: 1000))
    sandbox.configure { $0.mailboxMischief.disconnectInLiteralAfter = 10 }
    let broken = try opened(port)
    broken.send("c UID FETCH 1 BODY.PEEK[]\r\n")
    #expect(broken.line() == "* 1 FETCH (UID 1 BODY[] {1000}")
    #expect(broken.line() == nil && !broken.timedOut)
    sandbox.configure { $0.mailboxMischief.announcedLiteralSize = 99_999_999_999 }
    let giant = try opened(port)
    giant.send("c FETCH 1 BODY[]\r\n")
    #expect(giant.line() == "* 1 FETCH (BODY[] {99999999999}")
    sandbox.configure { $0.mailboxMischief.rawFetchResponse = Array("* 1 FETCH ((((\"\r\r\n".utf8) }
    let raw = try opened(port)
    raw.send("c FETCH 1 UID\r\nd FETCH 1 UID\r\n")
    #expect(answer(raw, "c").first?.hasPrefix("* 1 FETCH ((((") == true)
    #expect(answer(raw, "d").first == "* 1 FETCH (UID 1)")
  }

  @Test func preauthAndRefusedLogin() throws {
    let (sandbox, _, port) = try quickSandbox {
      $0.mailboxMischief.greeting = .preauth
      $0.mailboxMischief.refusesLogin = true
    }
    defer { sandbox.stop() }
    #expect(try RawClient(port: port).line()?.hasPrefix("* PREAUTH") == true)
    sandbox.configure { $0.mailboxMischief.greeting = .normal }
    let client = try RawClient(port: port)
    _ = client.line()
    client.send("a LOGIN reports@postroom.invalid rehearsal\r\n")
    #expect(client.line() == "a NO [AUTHENTICATIONFAILED] Invalid credentials")
  }

  @Test(arguments: [
    "c FETCH", "c FETCH 0 UID", "c FETCH 1:x UID", "c FETCH 1 BODY[", "c FETCH 1 BODY[]<1", "c FETCH 1 BODY[]<9.-1>",
    "c FETCH 1 (UID", "c FETCH 1 ()", "c SEARCH", "c SEARCH ((((((((((((((((((((ALL", "c SEARCH NOT", "c SEARCH UID",
    "c STORE 1 +FLAGS", "c STORE 1 BOGUS (a)", "c STATUS INBOX (BOGUS)", "c UID", "c UID BOGUS 1", "c BOGUS",
    "c SEARCH HEADER \"unclosed", "c FETCH 99999999999999999999 UID", "c STATUS INBOX (", "c APPEND INBOX",
  ])
  func mistakesAreBad(command: String) throws {
    let (sandbox, _, port) = try quickSandbox()
    defer { sandbox.stop() }
    sandbox.deliver(Array("Subject: a\r\n\r\nb".utf8))
    let client = try opened(port)
    client.send(command + "\r\nd NOOP\r\n")
    #expect(answer(client, "c").last?.hasPrefix("c BAD") == true)
    #expect(answer(client, "d").last == "d OK NOOP completed")
  }

  @Test func memoryIsBounded() throws {
    let (sandbox, _, port) = try quickSandbox { $0.mailboxBytes = 1000 }
    defer { sandbox.stop() }
    for _ in 0..<20 { sandbox.deliver([UInt8](repeating: 0x78, count: 300)) }
    #expect(sandbox.mails().map(\.uid) == [18, 19, 20])
    let client = try opened(port)
    client.send("c APPEND INBOX {99999999}\r\n")
    #expect(client.line() == "* BYE command too long")
  }
}
