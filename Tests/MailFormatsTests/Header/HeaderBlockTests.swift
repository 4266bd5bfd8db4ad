import Testing

@testable import MailFormats

@Suite struct HeaderBlockTests {
  @Test func `fields are unfolded, found without case, and keep their order`() {
    let header = MIMEMessage.header(
      of: crlf("Received: one\nSUBJECT: a\n  folded\n\tline\nreceived : two\n\nReceived: body"))
    #expect(header.value("subject") == "a  folded\tline")
    #expect(header.all("received").map(\.value) == ["one", "two"])
    #expect(header.fields.map(\.name) == ["Received", "SUBJECT", "received"])
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func `all three line ends give the same header`(lineEnd: String) {
    let message = "From x@y Mon\nFrom: a@b.example\nSubject: s\n\nbody\nTo: not-a-field".replacing("\n", with: lineEnd)
    let parsed = MIMEMessage(parsing: bytes(message))
    #expect(parsed.header.fields.map(\.name) == ["From", "Subject"])
    #expect(text(parsed.root.text()) == "body\nTo: not-a-field")
  }

  @Test func `a missing blank line ends the header and is noted`() {
    let parsed = MIMEMessage(parsing: crlf("Subject: s\nthis is the body\nmore"))
    #expect(parsed.header.fields.count == 1)
    #expect(parsed.defects.contains(.missingBlankLine))
    #expect(text(parsed.root.text()) == "this is the body\nmore")
  }

  @Test func `a fold that lost its white space does not hide the fields after it`() {
    let parsed = MIMEMessage(parsing: crlf("Received: from a\nby b with c\nFrom: a@b.example\nSubject: s\n\nx"))
    #expect(parsed.header.value("subject") == "s")
    #expect(parsed.defects.contains(.brokenFolding))
  }

  @Test func `nor do folds that lost it in several fields`() {
    let broken =
      "Received: by x with SMTP id\n1a2b.3;\n\tMon, 1 Jan\nReceived: from y\n\tid\n4c5d\n\tfor <a@b.example>\n\t(version 1);\n\tMon\nReceived-SPF: pass (x\ndesignates y)\nAuthentication-Results: x;\n\tspf=pass (x\ndesignates y)\nFrom: a@b.example\n\nx"
    #expect(MIMEMessage(parsing: crlf(broken)).header.value("from") == "a@b.example")
  }

  @Test func `fault 27: a header of nothing but broken folds ends`() {
    let parsed = MIMEMessage(parsing: bytes(String(repeating: "junk\nto: x\n", count: 100_000)))
    #expect(parsed.header.fields.count < 1_000)
  }

  @Test func `fault 27: half a million fields are capped and noted`() {
    let parsed = MIMEMessage(parsing: bytes(String(repeating: "a:b\n", count: 500_000) + "\nbody"))
    #expect(parsed.header.fields.count == HeaderBlock.maximumFields)
    #expect(parsed.isTruncated)
    #expect(text(parsed.root.text()) == "body")
  }

  @Test func `fault 27: a huge field is cut and noted`() {
    let parsed = MIMEMessage(
      parsing: bytes("Subject: " + String(repeating: "x", count: 1_000_000) + "\nTo: a@b.example\n\n"))
    #expect((parsed.header.value("subject")?.utf8.count ?? 0) <= HeaderBlock.maximumFieldLength)
    #expect(parsed.header.value("to") == "a@b.example")
    #expect(parsed.isTruncated)
  }

  @Test func `lines that lost their fold are passed over, but not for ever`() {
    let lines = (0..<250).map { "Received: \($0)\nlost its fold\n" }.joined()
    let header = MIMEMessage.header(of: bytes(lines + "Subject: x\n\nbody"))
    #expect(header.fields.count == 201)
    #expect(header.defects == [.brokenFolding, .missingBlankLine])
    let few = MIMEMessage.header(of: bytes("Received: 1\nlost its fold\nSubject: x\n\nbody"))
    #expect(few.value("subject") == "x")
    #expect(few.defects == [.brokenFolding])
  }

  @Test(
    arguments: [
      ("text/plain; charset=utf-8", ["charset": "utf-8"]),
      ("a/b; x=\"q;uo\\\"ted\"; y = z (comment)", ["x": "q;uo\"ted", "y": "z"]),
      ("a/b; name*=utf-8''J%C3%BCrgen", ["name": "Jürgen"]),
      ("a/b; name*0*=iso-8859-1'de'%FC; name*1=x; name*2*=%E4", ["name": "üxä"]),
      ("a/b; name*1=b; name*0=a", ["name": "ab"]), ("a/b; name=\"=?utf-8?Q?=C3=BC?=\"", ["name": "ü"]),
      ("a/b; =x; ;; broken", [:]), ("a/b; x=1; x=2", ["x": "1"]),
    ])
  func parameters(value: String, expected: [String: String]) {
    #expect(HeaderParameters.parse(bytes(value)[...]).parameters == expected)
  }

  @Test func `fault 27: a flood of parameters is bounded`() {
    let flood = "a/b" + (0..<100_000).map { "; p\($0)=v" }.joined()
    #expect(HeaderParameters.parse(bytes(flood)[...]).parameters.count == HeaderParameters.maximumCount)
  }

  @Test(arguments: ["Subject: a\n\nb", "From ann Mon Jan  1\nSubject: a\n\nb"])
  func `a byte order mark is no part of the first field`(text: String) {
    let (header, _) = HeaderBlock.parse(Array("\u{FEFF}\(text)".utf8)[...])
    #expect(header.fields.count == 1)
    #expect(header.value("subject") == "a")
  }
}
