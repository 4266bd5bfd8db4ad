import MailFormats
import MailModel
import TestSupport
import Testing

@Suite struct SMTPReplyParserTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var bytes: String
    var reply: ServerReply?
    var testDescription: String { bytes.debugDescription }
  }

  static let readable: [Case] = [
    Case(bytes: "250 ok\r\n", reply: ServerReply(code: 250, text: "ok")),
    Case(bytes: "250\r\n", reply: ServerReply(code: 250, text: "")),
    Case(bytes: "250 ok\n", reply: ServerReply(code: 250, text: "ok")),
    Case(bytes: "250-a\r\n250-b\r\n250 c\r\n", reply: ServerReply(code: 250, text: "a\nb\nc")),
    Case(
      bytes: "550 5.1.1 no such user\r\n",
      reply: ServerReply(code: 550, enhancedStatus: EnhancedStatus(5, 1, 1), text: "5.1.1 no such user")),
    Case(
      bytes: "451-4.7.1 later\r\n451 4.7.1 please\r\n",
      reply: ServerReply(code: 451, enhancedStatus: EnhancedStatus(4, 7, 1), text: "4.7.1 later\n4.7.1 please")),
    // An enhanced status code of another class than the reply code is just text (RFC 2034 §4).
    Case(bytes: "250 5.1.1 odd\r\n", reply: ServerReply(code: 250, text: "5.1.1 odd")),
    Case(bytes: "550 5.1\r\n", reply: ServerReply(code: 550, text: "5.1")),
    // The longest line there may be, without its end.
    Case(
      bytes: "250 \(String(repeating: "x", count: SMTPReplyParser.maximumLine - 4))\r\n",
      reply: ServerReply(code: 250, text: String(repeating: "x", count: SMTPReplyParser.maximumLine - 4))),
    Case(bytes: "250-a\r\n", reply: nil),
    Case(bytes: "25", reply: nil),
  ]

  @Test(arguments: readable) func readsReply(_ example: Case) throws {
    var parser = SMTPReplyParser()
    parser.append(example.bytes.utf8)
    let reply = try parser.next()
    #expect(reply == example.reply)
  }

  @Test(arguments: readable) func readsTheSameByteByByte(_ example: Case) throws {
    var parser = SMTPReplyParser()
    var reply: ServerReply?
    for byte in example.bytes.utf8 {
      parser.append([byte])
      if let found = try parser.next() { reply = found }
    }
    #expect(reply == example.reply)
  }

  static let garbage: [(String, SMTPReplyError)] = [
    ("HTTP/1.1 400\r\n", .malformed("HTTP/1.1 400")),
    ("\r\n", .malformed("")),
    ("25\r\n", .malformed("25")),
    ("150 early\r\n", .malformed("150 early")),
    ("650 late\r\n", .malformed("650 late")),
    ("250_ok\r\n", .malformed("250_ok")),
    ("250-a\r\n550 b\r\n", .mixedCodes(250, 550)),
    ("250 " + String(repeating: "x", count: 3_000) + "\r\n", .lineTooLong),
    (String(repeating: "x", count: 3_000), .lineTooLong),
    (String(repeating: "250-x\r\n", count: 200), .replyTooLong),
  ]

  @Test("fault 22: garbage and endless replies are typed errors", arguments: garbage)
  func refuses(_ bytes: String, _ error: SMTPReplyError) {
    var parser = SMTPReplyParser()
    parser.append(bytes.utf8)
    #expect(throws: error) { while try parser.next() != nil {} }
  }

  @Test func keepsRepliesApart() throws {
    var parser = SMTPReplyParser()
    parser.append("250 a\r\n250 b\r\n354 c\r\n25".utf8)
    #expect(try parser.next()?.text == "a")
    #expect(try parser.next()?.text == "b")
    #expect(try parser.next()?.code == 354)
    #expect(try parser.next() == nil)
    #expect(!parser.isEmpty)
    parser.append("0 d\r\n".utf8)
    #expect(try parser.next()?.text == "d")
    #expect(parser.isEmpty)
  }

  @Test func boundsTheText() throws {
    var parser = SMTPReplyParser()
    parser.append(
      (String(repeating: "250-\(String(repeating: "x", count: 2_000))\r\n", count: 100) + "250 end\r\n").utf8)
    let text = try #require(try parser.next()?.text)
    #expect(text.utf8.count <= SMTPReplyParser.maximumText)
  }

  @Test func neverTrapsOnRandomBytes() {
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<2_000 {
      var parser = SMTPReplyParser()
      let alphabet = Array("250-4 \r\n\n\0xé.".utf8)
      for _ in 0..<8 {
        parser.append((0..<12).map { _ in alphabet.randomElement(using: &generator) ?? 0 })
        guard (try? parser.next()) != nil else { break }
      }
    }
  }

  @Test func readsCapabilities() {
    let text = "relay\nPIPELINING\nSIZE 1000\nAUTH PLAIN LOGIN\nAUTH=PLAIN\n8bitmime\nDSN\nX-UNKNOWN 1"
    let offered = SMTPCapabilities(ServerReply(code: 250, text: text))
    #expect(offered.pipelining && offered.eightBitMIME && offered.dsn && offered.size)
    #expect(!offered.smtpUTF8 && !offered.startTLS)
    #expect(offered.maximumSize == 1_000)
    #expect(offered.authMechanisms == ["PLAIN", "LOGIN"])
    #expect(SMTPCapabilities(ServerReply(code: 250, text: "PIPELINING")) == SMTPCapabilities())
  }

  @Test(
    "fault 19, 20: what would end or split a command is refused",
    arguments: [
      ("a@b.example", nil), ("", .empty), ("a@b\r\nRCPT TO:<c@d>", .forbidden(0x0D)), ("a\0@b", .forbidden(0)),
      ("<a@b>", .forbidden(0x3C)), ("a b@c", .forbidden(0x20)), ("ab", .missingDomain), ("@b", .missingDomain),
      ("a@", .missingDomain), (String(repeating: "a", count: 65) + "@b", .tooLong),
      ("ü@b", nil),
    ] as [(String, EnvelopeFault?)])
  func checksEnvelope(_ address: String, _ fault: EnvelopeFault?) {
    #expect(EnvelopeCheck.fault(in: address) == fault)
  }
}
