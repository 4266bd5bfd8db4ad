import Testing

@testable import MailFormats

@Suite struct TransferEncodingTests {
  @Test(
    arguments: [
      ("SGVsbG8=", "Hello"), ("SGVs\r\nbG8=", "Hello"), ("SGVsbG8", "Hello"), ("S G!V#s b G 8 =", "Hello"), ("", ""),
      ("====", ""), ("SGVsbG8=SGVsbG8=", "HelloHello"), ("S", ""),
    ])
  func `base64 junk is skipped, fault 28`(input: String, expected: String) {
    #expect(text(Base64.decode(bytes(input)[...], limit: 100)) == expected)
  }

  @Test(
    arguments: [
      ("a=3Db", "a=b"), ("a=\nb", "ab"), ("a= \t\nb", "ab"), ("a=", "a"), ("a=4", "a=4"), ("a=zz", "a=zz"),
      ("=c3=bc", "ü"),
    ])
  func `quoted-printable junk stays as it is, fault 28`(input: String, expected: String) {
    #expect(text(QuotedPrintable.decode(bytes(input)[...], limit: 100)) == expected)
  }

  @Test func `decoded output is bounded`() {
    #expect(Base64.decode(bytes(String(repeating: "AAAA", count: 100_000))[...], limit: 1_000).count == 1_000)
    #expect(QuotedPrintable.decode(bytes(String(repeating: "x", count: 100_000))[...], limit: 1_000).count == 1_000)
  }

  @Test func `uuencode is decoded between begin and end`() {
    let body = bytes("text\nbegin 644 a.txt\n%2&5L;&\\\n`\nend\nafter")
    #expect(text(UUDecoder.decode(body[...], limit: 100)) == "Hello")
    // Lines that are none of its own stand in between where mailers cut and mark them.
    let marked = bytes("begin 644 a.txt\nzzzz\n%2&5L;&\\\n`\nend\n")
    #expect(text(UUDecoder.decode(marked[...], limit: 100)) == "Hello")
    #expect(UUDecoder.decode(bytes("begin 644 x\nM")[...], limit: 10).isEmpty)
  }

  @Test(arguments: [0, 1, 2, 3, 57, 58, 1_000])
  func `base64 lines decode to what was encoded`(count: Int) {
    let input = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let lines = Base64.encodeLines(input)
    #expect(Base64.decode(lines[...], limit: 10_000) == input)
    #expect(text(lines).split(separator: "\r\n").allSatisfy { $0.utf8.count <= 76 })
  }

  @Test(arguments: [
    "plain\r\n", "trailing \r\n", "a=b\r\n", "über\r\n", "\r\n.\r\n", String(repeating: "x", count: 500) + "\r\n",
  ])
  func `quoted-printable lines decode to what was encoded`(input: String) {
    let encoded = QuotedPrintable.encode(bytes(input))
    let decoded = QuotedPrintable.decode(LineEnds.normalised(encoded)[...], limit: 10_000)
    #expect(text(decoded) == input.replacing("\r\n", with: "\n"))
    #expect(text(encoded).split(separator: "\r\n").allSatisfy { $0.utf8.count <= 76 })
  }

  @Test func `an unknown charset and a wrong one leave every byte visible`() {
    #expect(CharsetDecoder.text([0x66, 0xFC, 0x72][...], label: "x-no-such-set") == "für")
    #expect(CharsetDecoder.text([0x66, 0xFC, 0x72][...], label: "utf-8") == "für")
    #expect(CharsetDecoder.text(bytes("für")[...], label: "us-ascii") == "für")
    #expect(CharsetDecoder.text([0x1B, 0x24, 0x42, 0x46][...], label: "iso-2022-jp").isEmpty == false)
    #expect(Charset.converterName("../../etc/passwd") == nil)
    #expect(Charset.converterName("UTF-8//TRANSLIT") == nil)
  }
}
