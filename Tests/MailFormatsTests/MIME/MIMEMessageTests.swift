import Testing

@testable import MailFormats

@Suite struct MIMEMessageTests {
  private func leaves(_ message: MIMEMessage) -> [String] {
    message.root.flattened.filter(\.children.isEmpty).map { text($0.text()) }
  }

  @Test func `a line that only begins as the closing delimiter closes nothing`() {
    let message = MIMEMessage(
      parsing: crlf("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--c\n\n--b\n\ntwo\n--b-- \t\n"))
    #expect(leaves(message) == ["one\n--b--c\n", "two"])
    #expect(message.defects.isEmpty)
  }

  @Test func `a part of a digest is a message where it does not say otherwise`() {
    let part = "\n\nSubject: inner\n\nhello\n"
    for (subtype, type) in [("digest", "message"), ("mixed", "text")] {
      let message = MIMEMessage(
        parsing: crlf("Content-Type: multipart/\(subtype); boundary=b\n\n--b\(part)--b--\n"))
      #expect(message.root.children.map(\.contentType.type) == [type])
      #expect(
        message.root.children.first?.children.first?.header.value("subject") == (type == "message" ? "inner" : nil))
    }
  }

  @Test func `a multipart is cut at its delimiters only`() {
    let message = MIMEMessage(
      parsing: crlf(
        """
        Content-Type: multipart/mixed; boundary="b"

        preamble
        --b
        Content-Type: text/plain

        one
        --bx is not a delimiter
        --b  \t
        Content-Type: text/html

        <p>two</p>
        --b--
        epilogue
        """))
    #expect(leaves(message) == ["one\n--bx is not a delimiter", "<p>two</p>"])
    #expect(message.defects.isEmpty)
  }

  @Test func `an unterminated multipart gives what is there and says so`() {
    let message = MIMEMessage(parsing: crlf("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo"))
    #expect(leaves(message) == ["one", "two"])
    #expect(message.defects.contains(.unterminatedMultipart))
  }

  @Test(
    arguments: [
      ("multipart/mixed", MIMEDefect.missingBoundary), ("multipart/mixed; boundary=other", .boundaryNotFound),
    ])
  func `a missing or wrong boundary is guessed`(type: String, defect: MIMEDefect) {
    let message = MIMEMessage(
      parsing: crlf("Content-Type: \(type)\n\n--real42\nContent-Type: text/plain\n\none\n--real42--\n"))
    #expect(leaves(message) == ["one"])
    #expect(message.defects.contains(defect))
  }

  @Test func `an enclosed message is opened, also when it is base64 against the rules`() {
    let inner = text(Base64.encode(crlf("Subject: inner\n\nhello")[...]))
    for (encoding, body) in [("7bit", "Subject: inner\n\nhello"), ("base64", inner)] {
      let message = MIMEMessage(
        parsing: crlf("Content-Type: message/rfc822\nContent-Transfer-Encoding: \(encoding)\n\n\(body)"))
      #expect(message.root.children.first?.header.value("subject") == "inner")
    }
  }

  @Test func `fault 27: nesting bombs stop at the depth limit`() {
    var nested = "Subject: deepest\n\nx"
    for _ in 0..<200 { nested = "Content-Type: message/rfc822\n\n" + nested }
    let deep = MIMEMessage(parsing: bytes(nested))
    #expect(deep.defects.contains(.nestedTooDeep))
    #expect(deep.root.flattened.count == MIMEMessage.maximumDepth + 1)

    let opening = (0..<10_000).map { "Content-Type: multipart/mixed; boundary=b\($0)\n\n--b\($0)\n" }.joined()
    #expect(MIMEMessage(parsing: bytes(opening)).isTruncated)
  }

  @Test func `fault 27: a flood of parts stops at the part limit`() {
    let parts = String(repeating: "--b\n\nx\n", count: 20_000)
    let message = MIMEMessage(parsing: bytes("Content-Type: multipart/mixed; boundary=b\n\n" + parts))
    #expect(message.root.flattened.count <= MIMEMessage.maximumParts)
    #expect(message.defects.contains(.tooManyParts))
  }

  @Test func `text is decoded from transfer encoding and charset`() {
    let message = MIMEMessage(
      parsing: crlf(
        "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nf=FCr"))
    #expect(text(message.root.text()) == "für")
  }

  @Test(arguments: ["", "\r\n", "\n\n\n", ":", "\0\0\0", "Content-Type:", "Content-Type: multipart/mixed; boundary="])
  func `degenerate input gives a message without parts`(input: String) {
    #expect(MIMEMessage(parsing: bytes(input)).root.children.isEmpty)
  }
}
