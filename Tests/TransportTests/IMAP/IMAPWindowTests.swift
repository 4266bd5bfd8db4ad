import MailModel
import Synchronization
import TestSupport
import Testing
import Transport

/// Windows fetched ahead of time from servers that work on several commands at once.
@Suite struct IMAPWindowTests {
  private static func mail(_ uid: Int) -> String { "* \(uid) FETCH (UID \(uid) BODY[]<0> {4}\r\nm\(uid)\r\n)\r\n" }

  /// A server that answers three fetches at once, in an order of its own, and stores as they come.
  private func server() throws -> LineServer {
    let waiting = Mutex<[String]>([])
    return try LineServer(greeting: "* OK ready\r\n") { line in
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      let tag = words[0]
      let command = words.count > 1 ? words[1] : ""
      switch command.prefix(8) {
      case "CAPABILI": return "* CAPABILITY IMAP4rev1\r\n\(tag) OK done\r\n"
      case "SELECT \"": return "* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 7] x\r\n\(tag) OK done\r\n"
      case "UID FETC":
        let tags = waiting.withLock { waiting in
          waiting.append(tag)
          return waiting
        }
        guard tags.count == 3 else { return "" }
        // Mails of the last window first, the first window's end last.
        let mails = [5, 6, 3, 1, 4, 2].map(IMAPWindowTests.mail).joined()
        return mails + "\(tags[2]) OK done\r\n\(tags[1]) OK done\r\n\(tags[0]) OK done\r\n"
      default: return "\(tag) OK done\r\n"
      }
    }
  }

  @Test("no mail is lost when a server answers several windows at once, in any order; windows end in theirs")
  func takesMailsInAnyOrder() throws {
    let server = try server()
    defer { server.stop() }
    let connection = IMAPConnection(
      IMAPSettings(
        host: "127.0.0.1", port: server.port, security: .none, username: "user", password: Secret("secret"),
        connectTimeout: .seconds(30), commandTimeout: .seconds(30)))
    _ = try connection.open(selecting: "INBOX")
    var windows: [ClosedRange<UInt32>] = [1...2, 3...4, 5...6]
    var uids: Set<UInt32> = []
    var ended: [ClosedRange<UInt32>] = []
    var flagged: [UInt32] = []
    try connection.fetch(
      maximumBytes: 100,
      FetchSteps(
        next: { windows.isEmpty ? nil : windows.removeFirst() }, each: { uids.insert($0.uid) },
        ended: { window in
          ended.append(window)
          return Array(window)
        }, flagged: { flagged += $0 }))
    #expect(uids == [1, 2, 3, 4, 5, 6])
    #expect(ended == [1...2, 3...4, 5...6])
    #expect(flagged == [1, 2, 3, 4, 5, 6])
  }
}
