import Foundation
import Testing

/// DESIGN §8: the field's terms and no synonyms, in identifiers and in what users read.
@Suite struct WordTests {
  /// A pattern that must not appear, and the right word.
  static let synonyms: [(wrong: String, right: String)] = [
    (#"black-?\s?list"#, "suppression list"), (#"white-?\s?list"#, "allow"), (#"block-?\s?list"#, "suppression list"),
    (#"\bdeny-?\s?list"#, "suppression list"), (#"do.not.(mail|send).list"#, "suppression list"),
    (#"unsubscribed list"#, "suppression list"), (#"kill.?switch"#, "emergency stop"),
    (#"panic.?button"#, "emergency stop"), (#"dead.?letter.?queue"#, "dead letter"), (#"\bDLQ\b"#, "dead letter"),
    (#"mail.?jobs?\b"#, "message"), (#"email.?jobs?\b"#, "message"), (#"\bwarming.?up\b|\bwarm up\b"#, "warm-up"),
    (#"spam.?reports?\b"#, "complaint, feedback report (ARF)"),
    (#"abuse.?reports?\b"#, "complaint, feedback report (ARF)"),
    (#"bounce.?mails?\b"#, "DSN"), (#"\bNDRs?\b"#, "DSN"), (#"(permanent|perm).?bounce"#, "hard bounce"),
    (#"(temporary|transient|temp).?bounce"#, "soft bounce"), (#"rate.?limiter"#, "throttle"),
    (#"response.?codes?\b"#, "reply code"),
    (#"extended status"#, "enhanced status code"), (#"\benvelope.?from\b"#, "envelope sender"),
    (#"dedup(lication)?.?key"#, "idempotency key"), (#"un-?restrict"#, "lift the restriction"),
    (#"ban(ned)? account|account ban"#, "restriction"), (#"audit (entry|record|line)\b"#, "audit event, audit row"),
    (#"maybe.?sent|possibly.?sent"#, "uncertain"), (#"\bun-?latch(ed)? and resume"#, "reset, then resume"),
  ]

  /// Bounce rules and notices quote the words of other people's servers; IMAP has words of its own (RFC 9051).
  static let quoting = ["Sources/MailFormats/Reports/", "Sources/MailFormats/Wire/IMAP", "Sources/Sandbox/"]

  /// What users read besides the code.
  private static func papers() throws -> [(String, [String])] {
    let root = SourceTree.shared.root
    var found: [(String, [String])] = []
    for place in [
      "data", "docs", "themes", "keymaps.conf", "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md",
    ] {
      let path = root.appending(path: place).path
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { continue }
      let names =
        isFolder.boolValue
        ? (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []).map { "\(place)/\($0)" }
        : [place]
      for name in names where ["md", "yaml", "conf", "mustache"].contains((name as NSString).pathExtension) {
        let text = try String(contentsOf: root.appending(path: name), encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        found.append((name, name == "data/bounce-rules.conf" ? lines.map(withoutQuotations) : lines))
      }
    }
    return found
  }

  /// Phrases and examples of bounce rules are other people's words.
  private static func withoutQuotations(_ line: String) -> String {
    line.hasPrefix("- ") || line.hasPrefix("example") ? "" : line
  }

  @Test func `no synonyms in the code`() throws {
    let rules = try WordTests.synonyms.map { (try Regex($0.wrong).ignoresCase(), $0.right) }
    for line in SourceTree.shared.lines() where !WordTests.quoting.contains(where: line.file.path.hasPrefix) {
      for (wrong, right) in rules {
        guard let match = try wrong.firstMatch(in: line.text) else { continue }
        Issue.record("rule 'words of DESIGN §8': \(line.place): '\(line.text[match.range])', the word is '\(right)'")
      }
    }
  }

  @Test func `no synonyms in what people read`() throws {
    let rules = try WordTests.synonyms.map { (try Regex($0.wrong).ignoresCase(), $0.right) }
    for (name, lines) in try WordTests.papers() {
      for (index, line) in lines.enumerated() {
        for (wrong, right) in rules {
          guard let match = try wrong.firstMatch(in: line) else { continue }
          Issue.record(
            "rule 'words of DESIGN §8': \(name):\(index + 1): '\(line[match.range])', the word is '\(right)'")
        }
      }
    }
  }

  @Test(arguments: [
    "blacklist", "black list", "isBlacklisted", "killSwitch", "dead-letter queue", "mailJob", "warm up", "spamReport",
    "deduplicationKey", "hard response code",
  ])
  func `the rules find synonyms`(text: String) throws {
    let isFound = try WordTests.synonyms.contains { try Regex($0.wrong).ignoresCase().firstMatch(in: text) != nil }
    #expect(isFound)
  }

  @Test(arguments: [
    "suppression list", "emergencyStop", "dead letter", "warm-up", "message", "hard bounce", "bounce", "replyCode",
    "bounceRate", "complaint", "throttle", "lift the restriction", "listOfBlocks",
  ])
  func `the rules leave the right words alone`(text: String) throws {
    for synonym in WordTests.synonyms {
      #expect(try Regex(synonym.wrong).ignoresCase().firstMatch(in: text) == nil, "\(synonym.right)")
    }
  }
}
