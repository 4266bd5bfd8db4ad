import MailFormats
import MailModel
import Testing

@Suite struct HeaderEncoderTests {
  @Test(arguments: [
    "Hello", "Grüße aus Köln", "日本語の件名がここにありますとても長いのでいくつかの語に分けられます", "a =?utf-8?Q?trick?= b",
    String(repeating: "word ", count: 60), "two  spaces", "🙂 emoji",
  ])
  func `an unstructured field survives encoding and decoding`(value: String) throws {
    let field = try HeaderEncoder.field("Subject", text: value)
    let header = MIMEMessage.header(of: field + bytes("\r\nbody"))
    let trimmed = String(value.reversed().drop { $0 == " " }.reversed())
    #expect(header.first("subject")?.decoded == trimmed)
    let lines = text(field).split(separator: "\r\n", omittingEmptySubsequences: false).dropLast()
    #expect(lines.allSatisfy { $0.utf8.count <= 78 && $0.utf8.allSatisfy { $0 < 0x80 } })
  }

  @Test(
    "fault 19: CR, LF, NUL and other controls are refused, never stripped",
    arguments: [
      ("a\r\nBcc: x@y.example", 13), ("a\nb", 10), ("a\0b", 0), ("a\u{1B}[31m", 27), ("a\u{7F}", 127),
      ("a\u{2028}b", 0x2028),
    ])
  func control(value: String, code: Int) throws {
    let error = HeaderError.forbiddenCharacter(field: "Subject", codePoint: UInt32(code))
    #expect(throws: error) { try HeaderEncoder.field("Subject", text: value) }
    #expect(throws: error) { try HeaderEncoder.field("Subject", structured: value) }
    let address = try Address(parsing: "a@b.example")
    #expect(throws: error) {
      try HeaderEncoder.field("Subject", mailboxes: [NamedAddress(displayName: value, address: address)])
    }
  }

  @Test(arguments: ["", "Bad Name", "Bad:Name", "Ünï", "Bad\r\nName"])
  func `a field name is checked`(name: String) {
    #expect(throws: HeaderError.malformedName(name)) { try HeaderEncoder.field(name, text: "x") }
  }

  @Test func `display names are quoted or encoded and read back the same`() throws {
    let address = try Address(parsing: "a@b.example")
    for name in ["Ann", "B, Ann", "Ann \"Q\" B\\", "Jürgen Groß", ""] {
      let field = try HeaderEncoder.field("To", mailboxes: [NamedAddress(displayName: name, address: address)])
      let header = MIMEMessage.header(of: field + bytes("\r\n"))
      #expect(
        AddressList.parse(header.first("to")?.valueBytes ?? []) == [Mailbox(displayName: name, address: "a@b.example")])
    }
  }

  @Test(
    arguments: [
      (0, "Thu, 01 Jan 1970 00:00:00 +0000"), (880_106_106, "Fri, 21 Nov 1997 09:55:06 +0000"),
      (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"), (-1, "Wed, 31 Dec 1969 23:59:59 +0000"),
      (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 +0000"),
    ])
  func date(seconds: Int, expected: String) {
    #expect(MailDate.format(Timestamp(seconds: Int64(seconds))) == expected)
  }

  @Test func `dates at the ends of the range are written without a trap`() {
    #expect(MailDate.format(Timestamp(microseconds: .max)).hasSuffix("+0000"))
    #expect(MailDate.format(Timestamp(microseconds: .min)).hasSuffix("+0000"))
  }
}
