import MailFormats
import Testing

@Suite struct SubmissionHeaderTests {
  @Test func `sender, recipients, subject and id are read as sendmail -t needs them`() throws {
    let header = try SubmissionHeader(
      parsing: bytes(
        """
        From: Ann <ann@example.com>
        To: Bob <bob@example.com>, carl@bücher.example
        Cc: bob@example.com, Team: dora@example.com;
        Bcc: eve@example.com
        Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=
        Message-ID: <42@example.com>

        text
        """))
    #expect(header.from.description == "ann@example.com")
    let expected = ["bob@example.com", "carl@xn--bcher-kva.example", "dora@example.com", "eve@example.com"]
    #expect(header.recipients.map(\.description) == expected)
    #expect(header.subject == "Grüße")
    #expect(header.messageID == "<42@example.com>")
    #expect(!header.hasDate)
  }

  static let ambiguous: [(String, CanonicalError)] = [
    ("To: a@b.example\n\nx", CanonicalError.missingFrom), ("From:\n\nx", .missingFrom),
    ("From: a@b.example, c@d.example\n\nx", .severalFrom),
    ("From: a@b.example\nFrom: c@d.example\n\nx", .repeatedField("from")),
    ("From: a@b.example\nMessage-ID: no brackets\n\nx", .malformedMessageID("no brackets")),
    ("From: a@b.example\nMessage-ID: <a b@c>\n\nx", .malformedMessageID("<a b@c>")),
    ("From: a@b..example\n\nx", .badAddress(field: "From", text: "a@b..example", .malformedDomain(""))),
    ("From: a@b.example\nTo: c@d.example, bob\n\nx", .badAddress(field: "To", text: "bob", .missingAt)),
    ("From: a@b.example\nTo: <>\n\nx", .badAddress(field: "To", text: "", .empty)),
    (
      "From: a@b.example\nTo: <c@d.example> <e@f.example>\n\nx",
      .badAddress(field: "To", text: "c@d.example e@f.example", .forbiddenCharacter("a space"))
    ),
    (
      "From: a@b.example\nTo: c@d.example e@f.example\n\nx",
      .badAddress(field: "To", text: "c@d.example e@f.example", .forbiddenCharacter("a space"))
    ),
    ("From: a@b.example\nTo: x@y@\n\nz", .badAddress(field: "To", text: "x@y@", .malformedLocalPart)),
  ]

  @Test("fault 19: a header that could be read in two ways is refused", arguments: ambiguous)
  func refused(input: String, error: CanonicalError) {
    #expect(throws: error) { try SubmissionHeader(parsing: bytes(input)) }
  }

  @Test(arguments: ["Bcc: <a b@x.example>", "To: <a(c)b@x.example>", "Cc: a @x.example"])
  func `words joined across a space go to nobody`(_ field: String) {
    let input = "From: a@b.example\r\n\(field)\r\n\r\nx\r\n"
    #expect(throws: CanonicalError.self) { try SubmissionHeader(parsing: Array(input.utf8)) }
  }

  @Test(arguments: [
    "To: <a@x.example> b@y.example", "To: \"A\" <a@x.example> b@y.example, c@z.example",
    "Cc: <a@x.example> \"b\"@y.example",
    "To: ann@a.example (Ann :( sad), bob@b.example", "To: a@x.example, (b@y.example",
    "To: Ann <a@x.example> (b, c@z.example",
  ])
  func `a recipient behind a missing comma or bracket is not lost silently`(_ field: String) {
    let input = "From: a@b.example\r\n\(field)\r\n\r\nx\r\n"
    #expect(throws: CanonicalError.self) { try SubmissionHeader(parsing: Array(input.utf8)) }
  }

  @Test func `more entries than are read are refused, also where most are the same`() {
    let list = Array(repeating: "a@b.example", count: 2_000) + ["c@d.example"]
    #expect(throws: CanonicalError.self) {
      try SubmissionHeader(parsing: bytes("From: a@b.example\nTo: \(list.joined(separator: ","))\n\nx"))
    }
  }

  @Test func `a flood of recipients is refused`() {
    let flood = (0...SubmissionHeader.maximumRecipients).map { "Cc" + ": a\($0)@b.example" }
    let list = flood.map { $0.dropFirst(4) }.joined(separator: ",\n ")
    #expect(throws: CanonicalError.tooManyRecipients(limit: SubmissionHeader.maximumRecipients)) {
      try SubmissionHeader(parsing: bytes("From: a@b.example\nTo: \(list)\n\nx"))
    }
  }

  @Test(arguments: ["\r\r\n", "\n\r\n", "\r\n\r", "\n\n"])
  func `fault 18: recipients come only from the header that is sent`(end: String) throws {
    let input = bytes("\r\nFrom: a@b.example\r\nTo: c@d.example\(end)Bcc: evil@x.example\r\n\r\nbody\r\n")
    #expect(try SubmissionHeader(parsing: input).recipients.map(\.description) == ["c@d.example"])
    #expect(try text(CanonicalMessage.canonicalise(input)).contains("\r\n\r\nBcc: evil@x.example\r\n"))
  }
}
