import MailModel
import Testing

@testable import MailFormats

/// Addresses of type `utf-8` (RFC 6533).
@Suite struct InternationalAddressTests {
  @Test(arguments: [
    (#"utf-8;m\x{FC}ller@there.example"#, "müller@there.example"),
    (#"UTF-8; \x{430}\x{43D}\x{43D}\x{430}@there.example"#, "анна@there.example"),
    (#"utf-8; \x{1F600}@there.example"#, "😀@there.example"), ("utf-8; müller@there.example", "müller@there.example"),
    (#"utf-8; a\x{5C}b@there.example"#, #"a\b@there.example"#), ("utf-8; ann@there.example", "ann@there.example"),
    (#"rfc822; m\x{FC}ller@there.example"#, #"m\x{FC}ller@there.example"#),
  ])
  func `is read with its letters`(field: String, address: String) { #expect(recipient(field) == address) }

  @Test(arguments: [
    #"a\x{}b"#, #"a\x{FC"#, #"a\x{D800}b"#, #"a\x{1234567}b"#, #"a\x{0A}b"#, #"a\x{40}b"#, #"a\x{ 41}b"#, #"a\x"#,
  ])
  func `stays as it is where no letter stands for it`(local: String) {
    #expect(recipient("utf-8; \(local)@there.example") == "\(local)@there.example")
  }

  private func recipient(_ field: String) -> String? {
    var status = DeliveryStatus()
    status.read(bytes("Final-Recipient: \(field)\nAction: failed\nStatus: 5.1.1\n")[...])
    return status.recipients.first?.finalRecipient
  }
}
