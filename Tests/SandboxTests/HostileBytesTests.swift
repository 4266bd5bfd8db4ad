import MailModel
import Testing

@testable import Sandbox

/// Dialogues fed with mutilated input: never a trap, and the same answer however the bytes are cut.
@Suite struct HostileBytesTests {
  private static let smtp = """
    EHLO a\r\nAUTH PLAIN AHUAcA==\r\nMAIL FROM:<a+b@c> SIZE=10 ENVID=a+2B\r\nRCPT TO:<ok@d> NOTIFY=NEVER ORCPT=rfc822;x+\r
    RCPT TO:<bounce-5.1.1@d>\r\nDATA\r\nMessage-ID: <a>\r\n\r\n..x\r\n.\r\nVRFY\r\nRSET\r\nMAIL FROM:<>\r\nQUIT\r\n
    """
  private static let imap = """
    a LOGIN reports@postroom.invalid {9+}\r\nrehearsal\r\nb SELECT INBOX\r\nc UID FETCH 1:*,2 (UID FLAGS BODY[]<0.9>)\r
    d APPEND INBOX (\\Seen) {5+}\r\na: b\r\n\r\ne STORE 1 -FLAGS.SILENT (\\Seen x)\r\nf UID SEARCH RETURN (ALL) OR 1 NOT SEEN\r
    g IDLE\r\nDONE\r\nh FETCH 1 BODY[HEADER.FIELDS (a)]\r\ni STATUS "IN\\BOX" (UIDNEXT)\r\nj UID EXPUNGE 1\r\nk LOGOUT\r\n
    """

  private static func mutilated(_ text: String, _ random: inout SeededRandom) -> [UInt8] {
    var bytes = Array(text.utf8)
    for _ in 0..<Int.random(in: 0...6, using: &random) {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(contentsOf: bytes[place...].prefix(Int.random(in: 1...20, using: &random)), at: place)
      default: bytes.insert(Array("<>@+{}()[]\"\\*:9\r\n.".utf8).randomElement(using: &random) ?? 0, at: place)
      }
    }
    return bytes
  }

  private static func pieces(_ bytes: [UInt8], _ random: inout SeededRandom) -> [[UInt8]] {
    var rest = bytes[...]
    var pieces: [[UInt8]] = []
    while !rest.isEmpty {
      let piece = rest.prefix(Int.random(in: 1...40, using: &random))
      pieces.append(Array(piece))
      rest = rest.dropFirst(piece.count)
    }
    return pieces
  }

  @Test(arguments: 1...8) func smtp(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<200 {
      let bytes = Self.mutilated(Self.smtp, &random)
      var whole = SMTPSession(desk: RelayDesk(settings: SandboxSettings()))
      var cut = SMTPSession(desk: RelayDesk(settings: SandboxSettings()))
      let expected = whole.receive(bytes, now: Timestamp(seconds: 0))
      let actual = Self.pieces(bytes, &random).flatMap { cut.receive($0, now: Timestamp(seconds: 0)) }
      #expect(actual == expected)
      for case .take(let message) in actual {
        let original = OriginalMessage(message, hostName: "h", takenAt: Timestamp(seconds: 0))
        for recipient in message.envelope.recipients {
          // Any error is fine: the report is left out. What must not happen is a trap.
          _ = try? SandboxReport(about: original, recipient)?.bytes(at: Timestamp(seconds: 0))
        }
      }
    }
  }

  @Test(arguments: 1...8) func imap(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<200 {
      let bytes = Self.mutilated(Self.imap, &random)
      var sessions = (0..<2).map { _ in
        let desk = RelayDesk(settings: SandboxSettings())
        let store = MailboxStore(desk: desk, startedAt: Timestamp(seconds: 0))
        store.deliver(Array("a: b\r\n\r\nbody".utf8), for: "")
        return IMAPSession(desk: desk, store: store)
      }
      let expected = Self.text(sessions[0].receive(bytes))
      let actual = Self.text(Self.pieces(bytes, &random).flatMap { sessions[1].receive($0) })
      #expect(actual == expected)
    }
  }

  /// Without the time of arrival, which may fall on the next second.
  private static func text(_ actions: [IMAPAction]) -> [String] {
    actions.map { action in
      guard case .write(let bytes) = action else { return "\(action)" }
      return String(decoding: bytes, as: UTF8.self).split(separator: "INTERNALDATE").first.map(String.init) ?? ""
    }
  }
}
