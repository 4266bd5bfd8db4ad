import MailFormats
import TestSupport
import Testing

@Suite struct IMAPResponseParserTests {
  static let readable: [(String, IMAPResponse)] = [
    ("* 23 EXISTS\r\n", .number(23, "EXISTS")),
    ("* 4 expunge\r\n", .number(4, "EXPUNGE")),
    ("* FLAGS (\\Seen)\r\n", .other("FLAGS")),
    ("* LIST () \"/\" {3}\r\na{5\r\n", .other("LIST")),
    ("* SEARCH 2 84 882\r\n", .search([2, 84, 882])),
    ("* SEARCH\r\n", .search([])),
    ("* search 7 (MODSEQ 12)\r\n", .search([7])),
    ("* OK [UIDVALIDITY 7] fine\r\n", .untagged(IMAPStatus(.ok, code: "UIDVALIDITY 7", text: "fine"))),
    // The human text of a status may look like the start of a literal.
    ("* OK wait {500}\r\n", .untagged(IMAPStatus(.ok, text: "wait {500}"))),
    ("P1 NO sorry {5}\r\n", .tagged("P1", IMAPStatus(.no, text: "sorry {5}"))),
    ("P1 OK [READ-ONLY] done\r\n", .tagged("P1", IMAPStatus(.ok, code: "READ-ONLY", text: "done"))),
    ("+ go on\r\n", .continuation("go on")),
    ("+\r\n", .continuation("")),
    (
      "* 2 FETCH (UID 9 FLAGS (\\Seen $x) RFC822.SIZE 11 BODY[]<0> {11}\r\nA005 OK\r\n{9)\r\n",
      .fetch(IMAPFetch(sequence: 2, uid: 9, body: Array("A005 OK\r\n{9".utf8)))
    ),
    ("* 2 FETCH (BODY[] \"a\\\"b\" UID 1)\r\n", .fetch(IMAPFetch(sequence: 2, uid: 1, body: Array("a\"b".utf8)))),
    ("* 3 FETCH (FLAGS (\\Seen $a[b) UID 4)\r\n", .fetch(IMAPFetch(sequence: 3, uid: 4))),
    ("* 2 FETCH (UID 1 BODY[]<0> NIL)\r\n", .fetch(IMAPFetch(sequence: 2, uid: 1, isWithheld: true))),
    (
      "* 2 FETCH (MODSEQ (12) ENVELOPE (\"x\" ((NIL NIL)) {2}\r\n)() UID 3)\r\n",
      .fetch(IMAPFetch(sequence: 2, uid: 3))
    ),
  ]

  @Test(arguments: readable) func readsResponse(_ bytes: String, _ response: IMAPResponse) throws {
    var parser = IMAPResponseParser()
    parser.append(bytes.utf8)
    #expect(try parser.next() == response)
    #expect(parser.isEmpty)
  }

  @Test(arguments: readable) func readsTheSameByteByByte(_ bytes: String, _ response: IMAPResponse) throws {
    var parser = IMAPResponseParser()
    var found: [IMAPResponse] = []
    for byte in bytes.utf8 {
      parser.append([byte])
      while let next = try parser.next() { found.append(next) }
    }
    #expect(found == [response])
  }

  static let hostile: [(String, IMAPResponseError)] = [
    ("* 1 FETCH (BODY[] {99999999}\r\n", .literalTooLong(99_999_999)),
    ("* 1 FETCH (BODY[] {99999999999999999999999}\r\n", .literalTooLong(.max)),
    ("* 1 FETCH (X " + String(repeating: "(", count: 50) + ")\r\n", .tooDeep),
    ("* 1 FETCH (BODY[] \"a\rb\")\r\n", .malformed("a control character in quotes")),
    ("* 1 FETCH (BODY[] \"ab\r\n", .malformed("quotes without an end")),
    ("* 1 FETCH (UID 1\r\n", .malformed("a word is missing")),
    ("* 1 FETCH (UID 1) x\r\n", .malformed("bytes after the list of FETCH")),
    ("* 1 FETCH (X (a\r\n", .malformed("a list without an end")),
    ("* 1 FETCH (X ))\r\n", .malformed("a value is missing")),
    ("* SEARCH 1 -2\r\n", .malformed("\"-2\" among numbers")),
    ("* OK bare\n", .malformed("a line without CRLF")),
    ("\r\n", .malformed("a word is missing")),
    ("P1 WHAT\r\n", .malformed("a tagged response without a condition")),
    ("* " + String(repeating: "x", count: 70_000), .lineTooLong),
    ("* 1 FETCH (" + String(repeating: "X {0}\r\n ", count: 20), .tooManyLiterals),
  ]

  @Test("fault 26: hostile responses are typed errors", arguments: hostile)
  func refuses(_ bytes: String, _ error: IMAPResponseError) {
    var parser = IMAPResponseParser()
    parser.append(bytes.utf8)
    #expect(throws: error) { while try parser.next() != nil {} }
  }

  @Test func keepsResponsesApartAcrossLiterals() throws {
    var parser = IMAPResponseParser()
    for uid in 1...300 {
      let body = "P9 OK\r\n* BYE {\(uid)}\r\n"
      parser.append("* \(uid) FETCH (UID \(uid) BODY[]<0> {\(body.utf8.count)}\r\n\(body))\r\n".utf8)
    }
    for uid in 1...300 {
      guard case .fetch(let item) = try parser.next() else {
        Issue.record("no FETCH at \(uid)")
        return
      }
      #expect(item.uid == UInt32(uid))
    }
    #expect(try parser.next() == nil)
  }

  @Test func `a literal that arrives in pieces stays whole while what was read before it makes room`() throws {
    func fetch(_ uid: UInt32, _ body: [UInt8]) -> [UInt8] {
      Array("* 1 FETCH (UID \(uid) BODY[] {\(body.count)}\r\n".utf8) + body + Array(")\r\n".utf8)
    }
    let bodies: [[UInt8]] = [Array(repeating: 0, count: 400), Array(1...200), Array(50...250)]
    let front = fetch(1, bodies[0])
    let all = front + fetch(2, bodies[1]) + fetch(3, bodies[2])
    for cut in front.count...all.count {
      var parser = IMAPResponseParser()
      var found: [IMAPResponse] = []
      for piece in [all[..<cut], all[cut...]] {
        parser.append(piece)
        while let next = try parser.next() { found.append(next) }
      }
      #expect(found == bodies.enumerated().map { .fetch(IMAPFetch(sequence: 1, uid: UInt32($0 + 1), body: $1)) })
    }
  }

  @Test func neverTrapsOnRandomBytes() {
    var generator = SeededGenerator(seed: 3)
    let pieces = [
      "* ", "1 ", "FETCH ", "(", ")", "{3}\r\n", "\"", "\\", "\r\n", "UID ", "BODY[", "]", "NIL", "~", "OK ", "é\0",
    ]
    for _ in 0..<3_000 {
      var parser = IMAPResponseParser()
      parser.append((0..<14).flatMap { _ in (pieces.randomElement(using: &generator) ?? "").utf8 })
      for _ in 0..<20 { guard (try? parser.next()) != nil else { break } }
    }
  }
}
