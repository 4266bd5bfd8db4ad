import MailFormats
import MailModel
import Synchronization
import TestSupport
import Testing
import Transport

/// Looking for the first mail of a day.
@Suite struct IMAPSearchTests {
  /// - Parameter found: what the server says to SEARCH.
  private func firstUID(found: String) throws -> (uid: UInt32?, asked: [String]) {
    let asked = Mutex<[String]>([])
    let server = try LineServer(greeting: "* OK ready\r\n") { line in
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      let (tag, command) = (words[0], words.count > 1 ? words[1] : "")
      asked.withLock { $0.append(command) }
      switch command.prefix(8) {
      case "CAPABILI": return "* CAPABILITY IMAP4rev1\r\n\(tag) OK done\r\n"
      case "SELECT \"": return "* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 9] x\r\n\(tag) OK done\r\n"
      case "UID FETC": return "* 1 FETCH (UID 8 BODY[]<0> {4}\r\nmail)\r\n\(tag) OK done\r\n"
      case "UID SEAR": return "\(found)\(tag) OK done\r\n"
      default: return "\(tag) OK done\r\n"
      }
    }
    defer { server.stop() }
    let connection = IMAPConnection(
      IMAPSettings(
        host: "127.0.0.1", port: server.port, security: .none, username: "user", password: Secret("secret"),
        connectTimeout: .seconds(30), commandTimeout: .seconds(30)))
    let window = FetchWindow(uids: 8...100, maximumBytes: 100)
    #expect(try connection.open(selecting: "INBOX", anticipating: window).uidValidity == 7)
    let uid = try connection.firstUID(since: try #require(ISOMoment.read("2026-02-03T23:59:59Z")))
    connection.logout()
    return (uid, asked.withLock { $0 })
  }

  @Test func `the lowest UID counts, in whatever order and however many they come`() throws {
    #expect(try firstUID(found: "").uid == nil)
    #expect(try firstUID(found: "* SEARCH\r\n").uid == nil)
    let (uid, asked) = try firstUID(found: "* SEARCH 9 4\r\n* 12 EXISTS\r\n* SEARCH 6\r\n")
    #expect(uid == 4)
    #expect(asked.contains("UID SEARCH SINCE 03-Feb-2026"))
    let many = (100_000...160_000).reversed().map { " \($0)" }.joined()
    #expect(try firstUID(found: "* SEARCH\(many)\r\n").uid == 100_000)
  }

  @Test func `an answer without end is cut off`() {
    let failure = #expect(throws: IMAPFailure.self) {
      try firstUID(found: "* SEARCH" + String(repeating: " 4000000000", count: 500_000) + "\r\n")
    }
    #expect(failure?.kind == .protocolViolation)
  }
}
