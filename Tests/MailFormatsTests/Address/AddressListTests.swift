import MailFormats
import Testing

@Suite struct AddressListTests {
  @Test(
    arguments: [
      ("ann@example.com", [Mailbox(address: "ann@example.com")]),
      ("Ann <ann@example.com>", [Mailbox(displayName: "Ann", address: "ann@example.com")]),
      (
        "\"B, Ann\" <ann@example.com>, bob@example.com",
        [Mailbox(displayName: "B, Ann", address: "ann@example.com"), Mailbox(address: "bob@example.com")]
      ),
      ("ann@example.com (Ann \\) B)", [Mailbox(displayName: "Ann ) B", address: "ann@example.com")]),
      ("Ann (the (nested) one) <ann@example.com>", [Mailbox(displayName: "Ann", address: "ann@example.com")]),
      (
        "Team: ann@example.com, bob@example.com; carl@example.com",
        [
          Mailbox(address: "ann@example.com"), Mailbox(address: "bob@example.com"),
          Mailbox(address: "carl@example.com"),
        ]
      ),
      ("undisclosed-recipients:;", []), ("", []), (",,;", []),
      ("<@relay.example:ann@example.com>", [Mailbox(address: "ann@example.com")]),
      ("=?utf-8?Q?J=C3=BCrgen?= <j@example.com>", [Mailbox(displayName: "Jürgen", address: "j@example.com")]),
      ("Ann <ann@example.com", [Mailbox(displayName: "Ann", address: "ann@example.com")]),
      ("Ann\r\n\t<ann@example.com>", [Mailbox(displayName: "Ann", address: "ann@example.com")]),
    ])
  func parsing(value: String, expected: [Mailbox]) {
    #expect(AddressList.parse(value) == expected)
  }

  @Test func `a flood of addresses and of open comments is bounded`() {
    let flood = String(repeating: "a@b.example,", count: 50_000)
    #expect(AddressList.parse(flood).count == AddressList.maximumCount)
    #expect(AddressList.parse(String(repeating: "(", count: 100_000)).isEmpty)
  }
}
