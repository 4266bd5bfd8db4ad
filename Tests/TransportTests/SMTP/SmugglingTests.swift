import MailModel
import TestSupport
import Testing
import Transport

/// Bodies that try to end early, or to hide a second message (CVE-2023-51764, 51765, 51766).
enum Smuggling {
  static let ends = [
    "\n.\n", "\r\n.\n", "\n.\r\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\r\r\n.\r\r\n", "\n.\r", "\r\n.\r\n",
  ]
  static let payload = "MAIL FROM:<evil@x.example>\r\nRCPT TO:<victim@y.example>\r\nDATA\r\nSubject: evil\r\n\r\nevil"

  static let bodies: [String] =
    ends.flatMap { ["Subject: a\r\n\r\nb\($0)\(payload)\($0)", "Subject: a\r\n\r\nb\($0)"] }
    + [".", "..", ".\r\n", "\r\n.", "a\r", "a\n", "a", "", "\r\n", ".\r.\n.\r\n.", "a\r\n.b\r\n..c\r\n...\r\n"]
}

@Suite struct SmugglingTests {
  @Test("fault 18: strict and sloppy relays see one message", arguments: Smuggling.bodies, [false, true])
  func oneMessage(_ body: String, sloppy: Bool) throws {
    var mischief = Mischief()
    mischief.isSloppy = sloppy
    let server = try SMTPMischiefServer(mischief)
    defer { server.stop() }
    let connection = try server.connect()
    #expect(connection.deliver(Array(body.utf8)).summary == "accepted 250")
    connection.close()
    #expect(server.wait { $0.ended == 1 })
    let record = server.record
    #expect(record.messages.count == 1)
    #expect(record.messages.first?.recipients == ["<r@dest.example>"])
    let data = record.messages.first?.data ?? []
    #expect(unstuffed(data) == canonical(Array(body.utf8)))
  }

  @Test func largeBodiesArriveWhole() throws {
    let server = try SMTPMischiefServer()
    defer { server.stop() }
    let connection = try server.connect()
    // Lines of every length around the size of a piece, with dots where pieces meet.
    let body = (32_700...32_800).map {
      ".\(String(repeating: ".", count: $0 % 70))\(String(repeating: "y", count: $0))\r\n"
    }
    let bytes = Array(body.joined().utf8)
    #expect(connection.deliver(bytes).summary == "accepted 250")
    #expect(unstuffed(server.record.messages.first?.data ?? []) == bytes)
  }

  /// What the body means: every CR, LF or CRLF ends a line, and the last line has an end.
  private func canonical(_ body: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var index = 0
    while index < body.count {
      let byte = body[index]
      index += 1
      if byte == 0x0D || byte == 0x0A {
        if byte == 0x0D, index < body.count, body[index] == 0x0A { index += 1 }
        result += [0x0D, 0x0A]
      } else {
        result.append(byte)
      }
    }
    if let last = result.last, last != 0x0A { result += [0x0D, 0x0A] }
    return result
  }

  private func unstuffed(_ data: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var isAtStart = true
    for byte in data {
      if isAtStart, byte == 0x2E {
        isAtStart = false
        continue
      }
      result.append(byte)
      isAtStart = byte == 0x0A
    }
    return result
  }
}
