import MailModel
import Testing

@testable import Sandbox

/// The relay over real sockets, address by address.
@Suite struct RelayTests {
  @Test(arguments: [
    ("ok@d.invalid", "250"), ("reject-5.1.1@d.invalid", "550 5.1.1"), ("reject-5.7.1.4@d.invalid", "550 5.7.1"),
    ("defer-4.2.2@d.invalid", "452 4.2.2"), ("defer-4.3.0@d.invalid", "451 4.3.0"), ("bounce-5.1.1@d.invalid", "250"),
    ("hostile@d.invalid", "550 5.7.1"), ("busy-421@d.invalid", "421 4.3.2"),
  ])
  func replyToRecipient(address: String, expected: String) throws {
    let (sandbox, port, _) = try quickSandbox()
    defer { sandbox.stop() }
    let client = try RawClient.greeted(port: port)
    client.send("MAIL FROM:<a@b.invalid>\r\n")
    #expect(client.reply() == "250 2.1.0 Ok")
    client.send("RCPT TO:<\(address)>\r\n")
    #expect(client.reply()?.hasPrefix(expected) == true)
  }

  @Test func pipelinedTransactionsAreAnsweredInOrder() throws {
    let (sandbox, port, _) = try quickSandbox { $0.replyDelay = .milliseconds(3) }
    defer { sandbox.stop() }
    let client = try RawClient.greeted(port: port)
    let first = client.open(to: "ok.1@d.invalid")
    #expect(first.map { $0?.prefix(3) } == ["250", "250", "354"])
    client.send(
      RawClient.message(id: "1@x") + ".\r\nRSET\r\nMAIL FROM:<a@b.invalid>\r\nRCPT TO:<reject-5.1.1@d.invalid>\r\n"
        + "RCPT TO:<ok.2@d.invalid>\r\nDATA\r\n")
    let codes = (0..<6).map { _ in client.reply()?.prefix(3) }
    #expect(codes == ["250", "250", "250", "550", "250", "354"])
    client.send("..dot\r\n.\r\nNOOP\r\nBOGUS\r\nVRFY x\r\nQUIT\r\n")
    #expect((0..<5).map { _ in client.reply()?.prefix(3) } == ["250", "250", "500", "252", "221"])
    #expect(client.isClosed())
    let accepted = sandbox.record.acceptedMessages
    try #require(accepted.map(\.ordinal) == [1, 2])
    #expect(accepted.map(\.messageID) == ["<1@x>", nil])
    #expect(accepted[1].body == Array(".dot\r\n".utf8))
    #expect(accepted[1].recipients == ["ok.2@d.invalid"])
    #expect(sandbox.record.dataCount == 2)
  }

  @Test func deferredOnceThenAccepted() throws {
    let (sandbox, port, _) = try quickSandbox()
    defer { sandbox.stop() }
    let client = try RawClient.greeted(port: port)
    let first = client.open(to: "defer-once.3@d.invalid")
    #expect(first.map { $0?.prefix(3) } == ["250", "451", "554"])
    client.send("RSET\r\n")
    _ = client.reply()
    #expect(client.open(to: "defer-once.3@d.invalid").map { $0?.prefix(3) } == ["250", "250", "354"])
  }

  @Test(arguments: [("dot-5.7.1@d.invalid", "554 5.7.1"), ("dot-4.3.0@d.invalid", "451 4.3.0")])
  func refusedAtTheDot(address: String, expected: String) throws {
    let (sandbox, port, _) = try quickSandbox()
    defer { sandbox.stop() }
    let client = try RawClient.greeted(port: port)
    _ = client.open(to: address)
    client.send(RawClient.message(id: "1@x") + ".\r\n")
    #expect(client.reply()?.hasPrefix(expected) == true)
    #expect(sandbox.record.acceptedCount == 0)
  }

  /// Fault 16: taken, and the client is never told.
  @Test func stallsAfterTheDotUntilStopped() async throws {
    let (sandbox, port, _) = try quickSandbox()
    let client = try RawClient.greeted(port: port)
    _ = client.open(to: "stall-after-dot.1@d.invalid")
    client.send(RawClient.message(id: "1@x") + ".\r\nNOOP\r\n")
    #expect(try await eventually { sandbox.record.acceptedCount == 1 })
    #expect(sandbox.record.acceptedMessages.first?.isUnanswered == true)
    #expect(!client.isClosed(within: 0.05) && client.timedOut)
    sandbox.stop()
    // The relay's side: a process that another test started meanwhile may still hold the socket open for the client.
    #expect(try await eventually { sandbox.record.openConnectionCount == 0 })
  }

  @Test(arguments: [("drop-after-dot@d.invalid", 1), ("drop-in-data@d.invalid", 0)])
  func closesInsteadOfReplying(address: String, accepted: Int) throws {
    let (sandbox, port, _) = try quickSandbox()
    defer { sandbox.stop() }
    let client = try RawClient.greeted(port: port)
    #expect(client.open(to: address).last??.prefix(3) == "354")
    client.send(RawClient.message(id: "1@x") + ".\r\n")
    #expect(client.isClosed())
    #expect(sandbox.record.acceptedCount == accepted)
  }

  @Test func slowReplyArrivesWhole() throws {
    let (sandbox, port, _) = try quickSandbox()
    defer { sandbox.stop() }
    let client = try RawClient.greeted(port: port)
    _ = client.open(to: "slow@d.invalid")
    client.send(RawClient.message(id: "1@x") + ".\r\nNOOP\r\n")
    #expect(client.reply()?.hasPrefix("250 2.0.0 Ok: queued as") == true)
    #expect(client.reply() == "250 2.0.0 Ok")
  }

  @Test func garbageIsNoReply() throws {
    let (sandbox, port, _) = try quickSandbox()
    defer { sandbox.stop() }
    let client = try RawClient.greeted(port: port)
    client.send("MAIL FROM:<a@b.invalid>\r\nRCPT TO:<garbage@d.invalid>\r\n")
    _ = client.reply()
    #expect(client.line().map { Int($0.prefix(3)) == nil } == true)
    let second = try RawClient.greeted(port: port)
    _ = second.open(to: "garbage-after-dot@d.invalid")
    second.send(".\r\n")
    #expect(second.line().map { Int($0.prefix(3)) == nil } == true)
    #expect(sandbox.record.acceptedMessages.map(\.isUnanswered) == [true])
  }

  /// Fault 22: lines without end, and others are served meanwhile.
  @Test func endlessReplyDoesNotBlockOthers() throws {
    let (sandbox, port, _) = try quickSandbox()
    defer { sandbox.stop() }
    let client = try RawClient.greeted(port: port)
    client.send("MAIL FROM:<a@b.invalid>\r\nRCPT TO:<endless@d.invalid>\r\n")
    _ = client.reply()
    for _ in 0..<500 { #expect(client.line()?.hasPrefix("250-") == true) }
    #expect(try RawClient.greeted(port: port).open(to: "ok@d.invalid").last??.prefix(3) == "354")
  }

  @Test(arguments: [
    ("MAIL FROM:a@b", "501"), ("MAIL FROM:<a b@c>", "501"), ("MAIL FROM:<a@b> FOO=1", "555"),
    ("MAIL FROM:<a@b> SIZE=99999999", "552"), ("MAIL FROM:<a@b> SIZE=-1", "501"), ("MAIL FROM:<ü@b>", "553"),
    ("MAIL FROM:<ü@b> SMTPUTF8", "250"), ("MAIL FROM:<>", "250"), ("MAIL FROM: <@r:a@b> BODY=8BITMIME", "250"),
    ("RCPT TO:<a@b>", "503"), ("DATA", "503"), ("AUTH PLAIN AAAA", "502"), ("MAIL", "501"), ("", "500"),
  ])
  func mistakesHaveTheirReply(command: String, code: String) throws {
    let (sandbox, port, _) = try quickSandbox()
    defer { sandbox.stop() }
    let client = try RawClient.greeted(port: port)
    client.send(command + "\r\n")
    #expect(client.reply()?.hasPrefix(code) == true)
  }

  @Test func limitsHold() throws {
    let (sandbox, port, _) = try quickSandbox {
      $0.maxMessageSize = 1000
      $0.maxRecipients = 2
    }
    defer { sandbox.stop() }
    let client = try RawClient.greeted(port: port)
    client.send(String(repeating: "x", count: 100_000) + "\r\n")
    #expect(client.reply()?.hasPrefix("500 5.5.2") == true)
    client.send("MAIL FROM:<>\r\nRCPT TO:<a@b>\r\nRCPT TO:<a@b>\r\nRCPT TO:<a@b>\r\nDATA\r\n")
    #expect((0..<5).map { _ in client.reply()?.prefix(3) } == ["250", "250", "250", "452", "354"])
    client.send(String(repeating: "x", count: 2000) + "\r\n.\r\n")
    #expect(client.reply()?.hasPrefix("552 5.3.4") == true)
    #expect(client.open(to: "ok@d.invalid").last??.prefix(3) == "354")
    client.send("a\nb\r\n.\r\n")
    #expect(client.reply()?.hasPrefix("550 5.6.0") == true)
    #expect(sandbox.record.acceptedCount == 0)
  }

  @Test func loginIsNeededWhenConfigured() throws {
    let (sandbox, port, _) = try quickSandbox { $0.smtpLogin = SandboxLogin(user: "u", password: "p") }
    defer { sandbox.stop() }
    let client = try RawClient.greeted(port: port)
    client.send("MAIL FROM:<a@b>\r\nAUTH PLAIN AHUAeA==\r\nAUTH PLAIN AHUAcA==\r\nMAIL FROM:<a@b>\r\n")
    #expect((0..<4).map { _ in client.reply()?.prefix(3) } == ["530", "535", "235", "250"])
    #expect(!sandbox.record.log.contains { $0.contains("AHUAcA") })
  }

  @Test(arguments: [(RelayGreeting.busy, "421"), (.endless, "220-"), (.normal, "220 ")])
  func greetings(greeting: RelayGreeting, start: String) throws {
    let (sandbox, port, _) = try quickSandbox { $0.greeting = greeting }
    defer { sandbox.stop() }
    #expect(try RawClient(port: port).line()?.hasPrefix(start) == true)
  }

  @Test func startsAgainAfterStopOnTheSamePort() throws {
    let (sandbox, port, _) = try quickSandbox()
    sandbox.configure { $0.smtpPort = port }
    sandbox.stop()
    #expect(throws: RawClient.Failure.self) { try RawClient(port: port) }
    #expect(try sandbox.start().smtpPort == port)
    #expect(try RawClient(port: port).line()?.hasPrefix("220 ") == true)
    sandbox.stop()
    sandbox.stop()
  }
}
