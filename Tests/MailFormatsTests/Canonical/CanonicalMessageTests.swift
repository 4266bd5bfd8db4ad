import MailFormats
import Testing

@Suite struct CanonicalMessageTests {
  private static let additions = CanonicalMessage.Additions(
    date: "Fri, 21 Nov 1997 09:55:06 +0000", messageID: "<1@x.example>")

  @Test(
    "fault 18: every kind of line end becomes CRLF, so strict and sloppy receivers see one message",
    arguments: [
      "From: a@b.example\n\nx\ny\n", "From: a@b.example\r\rx\ry\r", "From: a@b.example\r\n\r\nx\r\ny",
      "From: a@b.example\n\r\nx\ry", "\r\nFrom: a@b.example\r\n\nx\ny",
    ])
  func lineEnds(input: String) throws {
    #expect(try text(CanonicalMessage.canonicalise(bytes(input))) == "From: a@b.example\r\n\r\nx\r\ny\r\n")
  }

  @Test(
    "fault 18: every line end that could end the data for somebody is CRLF",
    arguments: ["\n.\n", "\r.\r", "\n.\r\n", "\r\n.\n", "\r\n.\r", "\r\n.\r\n", "\r\r\n.\r\r\n", "\n.\r"])
  func smuggling(terminator: String) throws {
    let message = "From: a@b.example\r\n\r\nbefore\(terminator)MAIL FROM:<x@y.example>\r\n"
    let withoutEnds = text(try CanonicalMessage.canonicalise(bytes(message))).replacing("\r\n", with: "")
    #expect(!withoutEnds.unicodeScalars.contains { $0 == "\r" || $0 == "\n" })
  }

  @Test func `missing Date and Message-ID are added, present ones kept, Bcc and Return-Path removed`() throws {
    let bare = bytes(
      "From: a@b.example\nBcc: s@x.example,\n t@x.example\nReturn-Path: <r@x.example>\nResent-Bcc: u@x.example\n"
        + "Subject: s\n\nx\n")
    #expect(
      try text(CanonicalMessage.canonicalise(bare, additions: Self.additions))
        == "Date: Fri, 21 Nov 1997 09:55:06 +0000\r\nMessage-ID: <1@x.example>\r\nFrom: a@b.example\r\nSubject: s\r\n\r\nx\r\n"
    )
    let full = "Date: d\r\nMessage-Id: <2@y.example>\r\nFrom: a@b.example\r\n\r\nx\r\n"
    #expect(try text(CanonicalMessage.canonicalise(bytes(full), additions: Self.additions)) == full)
  }

  @Test func `canonicalising twice changes nothing`() throws {
    let once = try CanonicalMessage.canonicalise(
      bytes("From: a@b.example\nTo: c@d.example\n\n.x\ny"), additions: Self.additions)
    #expect(try CanonicalMessage.canonicalise(once, additions: Self.additions) == once)
  }

  static let refusals: [(String, CanonicalError)] = [
    ("", CanonicalError.empty), ("\r\n\r\n", .empty), ("From: a@b\n\nx\0y", .containsNUL(offset: 12)),
    ("From: a@b\nnot a field\n\nx", .malformedHeader(line: 2)),
    ("\r\n\nFrom: a@b\nnot a field\n\nx", .malformedHeader(line: 4)),
    ("\nFrom: a@b\n\nok\n" + String(repeating: "x", count: 999), .bodyLineTooLong(line: 5, length: 999)),
    ("From a@b Mon\nFrom: a@b\nnot a field\n\nx", .malformedHeader(line: 3)),
    (" folded first\n\nx", .malformedHeader(line: 1)),
    ("From: a@b\nSubject: a\u{1B}b\n\nx", .controlInHeader(field: "subject")),
    ("From: a@b\nSubject: a\n \nTo: c@d\n\nx", .controlInHeader(field: "subject")),
    ("From: a@b\nFrom: c@d\n\nx", .repeatedField("from")), ("Subject: a\nsubject: b\n\nx", .repeatedField("subject")),
    ("Subject: " + String(repeating: "x", count: 990) + "\n\nx", .headerLineTooLong(line: 1, length: 999)),
    ("From: a@b\n\nok\n" + String(repeating: "x", count: 999), .bodyLineTooLong(line: 4, length: 999)),
  ]

  @Test(arguments: refusals)
  func `what cannot be sent safely is refused with its place`(input: String, error: CanonicalError) {
    #expect(throws: error) { try CanonicalMessage.canonicalise(bytes(input)) }
  }

  @Test func `a line of 998 bytes is accepted`() throws {
    let line = String(repeating: "x", count: 998)
    #expect(try CanonicalMessage.canonicalise(bytes("From: a@b\n\n\(line)\n")).count == 11 + 2 + 1_000)
  }

  @Test(arguments: ["x\n ", "x\nX: "])
  func `a header beyond all measure is refused`(repeated: String) {
    let header = "From: a@b\nX: " + String(repeating: repeated, count: 400_000)
    let error = #expect(throws: CanonicalError.self) { try CanonicalMessage.canonicalise(bytes(header + "\n\nx")) }
    #expect(
      error == .headerTooLong(limit: CanonicalMessage.maximumHeaderLength)
        || error == .malformedHeader(line: HeaderBlock.maximumFields + 1))
  }

  @Test func `millions of empty lines are kept`() throws {
    let lines = [UInt8](repeating: 10, count: 3_000_000)
    #expect(try CanonicalMessage.canonicalise(bytes("From: a@b\n\n") + lines).count == 13 + 2 * lines.count)
  }

  @Test func `an oversized message is refused`() {
    let size = CanonicalMessage.maximumLength + 1
    #expect(throws: CanonicalError.tooLarge(size: size, limit: CanonicalMessage.maximumLength)) {
      try CanonicalMessage.canonicalise([UInt8](repeating: 120, count: size))
    }
  }

  @Test(arguments: ["\nFrom ann Mon Jan  1 00:00:00 2024\n", "From x\n\nSubject: body\n", "Bcc: a@b.example\n\nX: y\n"])
  func `a message without any field of its own is refused: its body would be read as the header`(input: String) {
    #expect(throws: CanonicalError.malformedHeader(line: 1)) { try CanonicalMessage.canonicalise(bytes(input)) }
  }
}
