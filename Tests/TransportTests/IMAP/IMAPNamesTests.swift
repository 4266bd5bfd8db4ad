import Testing

@testable import Transport

@Suite struct IMAPNamesTests {
  @Test(
    "RFC 3501 §5.1.3",
    arguments: [
      ("INBOX", "\"INBOX\""), ("a&b", "\"a&-b\""), ("Entwürfe", "\"Entw&APw-rfe\""),
      ("~peter/mail/台北/日本語", "\"~peter/mail/&U,BTFw-/&ZeVnLIqe-\""), ("a\"b\\c", "\"a\\\"b\\\\c\""),
      ("😀", "\"&2D3eAA-\""), ("", nil), ("a\r\nA1 LOGOUT", nil), ("a\0", nil),
    ] as [(String, String?)])
  func quotesMailboxNames(_ name: String, _ quoted: String?) {
    #expect(MailboxName.quoted(name) == quoted)
  }

  @Test(
    arguments: [
      ([], []), ([5], ["5"]), ([3, 1, 2, 2], ["1:3"]), ([1, 3, 4, 9], ["1,3:4,9"]), ([0, 7], ["7"]),
      ([.max, .max - 1], ["4294967294:4294967295"]),
    ] as [([UInt32], [String])])
  func joinsUIDs(_ uids: [UInt32], _ sets: [String]) {
    #expect(UIDSet.commands(for: uids) == sets)
  }

  @Test func splitsLongSets() {
    let sets = UIDSet.commands(for: (0..<2_000).map { UInt32($0 * 2 + 1) })
    #expect(sets.allSatisfy { $0.utf8.count < 1_000 })
    #expect(sets.joined(separator: ",").split(separator: ",").count == 2_000)
  }
}
