import MailFormats
import Testing

@Suite struct AddressTests {
  private static func letters(_ count: Int) -> String { String(repeating: "a", count: count) }

  private static let refusals: [(String, AddressError)] = [
    ("", .empty), ("ann", .missingAt), ("@example.com", .emptyLocalPart), ("ann@", .emptyDomain),
    (".ann@example.com", .malformedLocalPart), ("a..b@example.com", .malformedLocalPart),
    ("ann.@example.com", .malformedLocalPart), ("a,b@example.com", .malformedLocalPart),
    ("\"a\"b\"@example.com", .malformedLocalPart), ("\"a\\\"@example.com", .malformedLocalPart),
    ("ann@-x.example", .malformedDomain("-x")), ("ann@x..example", .malformedDomain("")),
    ("ann@x_y.example", .malformedDomain("x_y")), ("ann@[1.2.3.4", .malformedDomain("[1.2.3.4")),
    ("\(letters(65))@x.example", .tooLong(part: "part before the @")),
    ("a@\(letters(64)).example", .tooLong(part: "domain label")),
    (["a@", String(repeating: "bb.", count: 90), "example"].joined(), .tooLong(part: "domain")),
    (letters(5_000), .tooLong(part: "address")),
  ]

  @Test(
    arguments: [
      ("ann@example.com", "ann", "example.com"), ("Ann.B+tag@EXAMPLE.Com", "Ann.B+tag", "example.com"),
      ("o'neil@example.com", "o'neil", "example.com"), ("\"a@b\"@example.com", "\"a@b\"", "example.com"),
      ("ann@[192.0.2.1]", "ann", "[192.0.2.1]"), ("ann@[IPv6:2001:db8::1]", "ann", "[IPv6:2001:db8::1]"),
      ("ann@bücher.example", "ann", "xn--bcher-kva.example"), ("ann@BÜCHER.example", "ann", "xn--bcher-kva.example"),
      ("ann@b\u{75}\u{308}cher.example", "ann", "xn--bcher-kva.example"),
      ("ann@例え.テスト", "ann", "xn--r8jz45g.xn--zckzah"), ("ann@例え。テスト", "ann", "xn--r8jz45g.xn--zckzah"),
      ("ann@localhost", "ann", "localhost"), ("ann@xn--bcher-kva.example", "ann", "xn--bcher-kva.example"),
    ])
  func `a valid address is split and its domain made ASCII`(input: String, local: String, domain: String) throws {
    let address = try Address(parsing: input)
    #expect(address.localPart == local)
    #expect(address.domain == domain)
    #expect(address.description == "\(local)@\(domain)")
  }

  @Test(
    "fault 20: what could end the SMTP command early is refused",
    arguments: [
      ("a@b.example\r\nRCPT TO:<x@y.example>", "a carriage return"), ("a@b.example\n", "a line feed"),
      ("a\0@b.example", "NUL"), ("a@b.example>", "an angle bracket"), ("<a@b.example", "an angle bracket"),
      ("a b@b.example", "a space"), ("a@b.example ", "a space"), ("a\u{7}@b.example", "a control character"),
      ("a@b\u{85}.example", "a control character"), ("a\u{202E}@b.example", "an invisible or unreadable character"),
      ("a\u{2028}@b.example", "an invisible or unreadable character"), ("a\u{3000}@b.example", "a space"),
    ])
  func forbidden(input: String, name: String) {
    #expect(throws: AddressError.forbiddenCharacter(name)) { try Address(parsing: input) }
  }

  @Test(arguments: refusals)
  func `what is not an address is refused with its reason`(input: String, error: AddressError) {
    #expect(throws: error) { try Address(parsing: input) }
  }
}
