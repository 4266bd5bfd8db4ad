import MailModel
import Synchronization
import TestSupport
import Testing
import Transport

/// Mails that are asked for along with the opening of their mailbox, and flags set along with leaving it.
@Suite struct IMAPAnticipationTests {
  /// A server that says nothing to `held` commands until one that begins with `release` comes.
  private func server(
    holding held: String, until release: String, refusing refused: String = "none"
  ) throws -> LineServer {
    let waiting = Mutex("")
    return try LineServer(greeting: "* OK ready\r\n") { line in
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      let (tag, command) = (words[0], words.count > 1 ? words[1] : "")
      var reply = "\(tag) OK done\r\n"
      if command.hasPrefix("CAPABILITY") { reply = "* CAPABILITY IMAP4rev1\r\n" + reply }
      if command.hasPrefix("SELECT") || command.hasPrefix("EXAMINE") {
        reply = "* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4] x\r\n" + reply
      }
      if command.hasPrefix("UID FETCH 1:512") { reply = (1...3).map(Self.mail).joined() + reply }
      if command.hasPrefix("UID FETCH 3:3") { reply = Self.mail(3) + reply }
      if command.hasPrefix("LOGOUT") { reply = "* BYE leaving\r\n" + reply }
      if command.hasPrefix(refused) { reply = "\(tag) NO not now\r\n" }
      return waiting.withLock { waiting in
        waiting += reply
        if command.hasPrefix(held) { return "" }
        if waiting != reply, !command.hasPrefix(release) { return "" }
        defer { waiting = "" }
        return waiting
      }
    }
  }

  private static func mail(_ uid: Int) -> String { "* \(uid) FETCH (UID \(uid) BODY[]<0> {4}\r\nm\(uid)\r\n)\r\n" }

  private func connection(to server: LineServer) -> IMAPConnection {
    IMAPConnection(
      IMAPSettings(
        host: "127.0.0.1", port: server.port, security: .none, username: "user", password: Secret("secret"),
        connectTimeout: .seconds(30), commandTimeout: .seconds(30)))
  }

  private func fetch(_ window: ClosedRange<UInt32>, over connection: IMAPConnection) throws -> [UInt32] {
    try connection.mails(window, maximumBytes: 100).map(\.uid)
  }

  private let anticipated = FetchWindow(uids: 1...512, maximumBytes: 100)

  @Test func `the first window is asked for before the mailbox is open`() throws {
    let server = try server(holding: "SELECT", until: "UID FETCH")
    defer { server.stop() }
    let connection = connection(to: server)
    #expect(try connection.open(selecting: "INBOX", anticipating: anticipated).uidNext == 4)
    #expect(try fetch(1...3, over: connection) == [1, 2, 3])
    #expect(server.received.count { $0.contains("UID FETCH") } == 1)
  }

  @Test func `what was anticipated wrongly is passed over`() throws {
    let server = try server(holding: "SELECT", until: "UID FETCH")
    defer { server.stop() }
    let connection = connection(to: server)
    _ = try connection.open(selecting: "INBOX", anticipating: anticipated)
    #expect(try fetch(3...3, over: connection) == [3])
    #expect(server.received.count { $0.contains("UID FETCH") } == 2)
  }

  @Test func `any other command first passes over what was anticipated`() throws {
    let server = try server(holding: "SELECT", until: "UID FETCH")
    defer { server.stop() }
    let connection = connection(to: server)
    _ = try connection.open(selecting: "INBOX", anticipating: anticipated)
    try connection.addSeenFlag([1])
    #expect(try fetch(1...512, over: connection) == [1, 2, 3])
    #expect(server.received.count { $0.contains("UID FETCH") } == 2)
  }

  @Test func `a refused opening with mails asked for leaves a connection that goes on`() throws {
    let server = try server(holding: "SELECT", until: "UID FETCH", refusing: "SELECT \"Gone")
    defer { server.stop() }
    let connection = connection(to: server)
    let failure = #expect(throws: IMAPFailure.self) {
      try connection.open(selecting: "Gone", anticipating: anticipated)
    }
    #expect(failure?.kind == .refused(command: "SELECT \"Gone\""))
    #expect(try connection.examine("INBOX").uidValidity == 7)
    #expect(server.received.count { $0.contains("LOGIN") } == 1)
  }

  @Test func `flags and the farewell go out together`() throws {
    let server = try server(holding: "UID STORE", until: "LOGOUT")
    defer { server.stop() }
    let connection = connection(to: server)
    _ = try connection.open(selecting: "INBOX")
    try connection.leave(flagging: [1, 2, 3])
    #expect(!connection.isOpen)
    let last = server.received.suffix(2).map { $0.drop { $0 != " " } }
    #expect(last == [" UID STORE 1:3 +FLAGS.SILENT (\\Seen)", " LOGOUT"])
  }

  @Test func `a flag that is refused while leaving is an error`() throws {
    let server = try server(holding: "none", until: "none", refusing: "UID STORE")
    defer { server.stop() }
    let connection = connection(to: server)
    _ = try connection.open(selecting: "INBOX")
    let failure = #expect(throws: IMAPFailure.self) { try connection.leave(flagging: [1]) }
    #expect(failure?.kind == .refused(command: "UID STORE"))
    #expect(!connection.isOpen)
    #expect(throws: IMAPFailure.self) { try connection.leave(flagging: [1]) }
  }
}
