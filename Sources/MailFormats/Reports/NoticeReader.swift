internal import MailModel

/// Finds the failed recipients in the text of a notice that has no machine-readable part.
struct NoticeReader {
  /// A recipient and the lines that speak about it.
  struct Finding {
    let address: String
    var lines: [UInt8]
  }

  static let maximumFindings = 200
  static let maximumSectionLength = 2_000

  let notice: [UInt8]
  /// Addresses that cannot be the failed recipient: whom the notice is from and to.
  let excluded: Set<String>
  /// The same with the sender of the returned message, for lines that only happen to name an address.
  let alsoExcluded: Set<String>

  /// The addresses that lines begin with; else those that a label names; else every address that is not excluded.
  func findings() -> [Finding] {
    let leading = sections(except: excluded) { NoticeLine.leadingAddress($0) }
    if !leading.isEmpty { return leading }
    let labelled = sections(except: excluded) { NoticeLine.labelledAddress($0) }
    if !labelled.isEmpty { return labelled }
    return sections(except: alsoExcluded) { line in
      NoticeLine.isAboutSomethingElse(line) ? nil : NoticeLine.anyAddress(line, except: alsoExcluded)
    }
  }

  private func sections(except excluded: Set<String>, _ addressOf: (Octets) -> Octets?) -> [Finding] {
    var found: [Finding] = []
    var positions: [String: Int] = [:]
    var current: Int?
    for line in LineReader(notice[...]) {
      if found.count >= Self.maximumFindings { break }
      if let address = addressOf(line)?.utf8Text, !excluded.contains(address.lowercased()) {
        let key = address.lowercased()
        if let known = positions[key] {
          current = known
        } else {
          positions[key] = found.count
          current = found.count
          found.append(Finding(address: address, lines: []))
        }
      }
      if let current, found[current].lines.count < Self.maximumSectionLength {
        found[current].lines += line.prefix(Self.maximumSectionLength)
        found[current].lines.append(Octet.lf)
      }
    }
    return found
  }
}

/// How one line of a notice names an address.
enum NoticeLine {
  /// A line that begins with the address: `<a@b>:`, `  a@b`, `"a@b"`, `a@b: 550 …`, `* a@b`.
  static func leadingAddress(_ line: Octets) -> Octets? {
    let body = line.drop {
      Octet.isSpace($0) || [0x2A, 0x27, Octet.quote, 0x28, Octet.greater, 0x5B, Octet.dash].contains($0)
    }
    guard let address = AddressText.read(body.first == Octet.less ? body.dropFirst() : body) else { return nil }
    guard body.first == Octet.less || address.startIndex == body.startIndex else { return nil }
    var rest = line[address.endIndex...]
    while let first = rest.first,
      [Octet.greater, Octet.quote, 0x27, 0x29, 0x5D, Octet.colon, 0x2C, Octet.semicolon].contains(first)
    {
      rest = rest.dropFirst()
    }
    let isAlone = rest.trimmed.isEmpty
    let follows = line[address.endIndex...].first
    let isIndented = line.first.map(Octet.isSpace) ?? false
    if isAlone || follows == Octet.colon || follows == Octet.greater || follows == 0x5D { return address }
    return isIndented || rest.trimmed.first == 0x28 || rest.starts(with: "...") || rest.starts(with: " on ")
      ? address : nil
  }

  private static let labels: [StaticString] = [
    "to:", "recipient:", "recipients:", "rcpt to:", "final-recipient:", "original-recipient:", "undeliverable address:",
    "failed recipient:", "failed address:", "address:", "email address:", "recipient address:", "user:", "for:",
    "user mailbox exceeds allowed size:", "unknown user:", "user not found:", "bad address:", "failed to:",
    "x-failed-recipients:", "invalid recipient:", "rejected recipient:", "addressed to",
    "which your message was addressed,", "could not be delivered to:", "message to", "invalid final delivery userid:",
    "delivery to",
    "undelivered to", "intended recipient:", "recipient's address:", "mailbox:", "no such user:",
    "unable to deliver to",
    "could not deliver to", "mail to", "email to", "not delivered to", "user unknown:", "unrouteable address:",
    "destination:", "destinataire:", "destinatario:",
  ]

  /// A line that says whose address it is: `Undeliverable Address: a@b`.
  static func labelledAddress(_ line: Octets) -> Octets? {
    let body = line.drop { Octet.isSpace($0) || $0 == Octet.dash || $0 == 0x2A }
    guard labels.contains(where: { body.starts(with: $0) }) else { return nil }
    return anyAddress(line, except: [])
  }

  private static let asides: [[UInt8]] = [
    "contact", "postmaster@", "mailer-daemon@", "from:", "message-id", "subject:", "sender:", "mail from", "help",
    "support",
    "http:", "https:", "envelope-from", "return-path", "reply-to", "assistance", "questions", "please send", "abuse@",
    "by host", "message from", "cc:",
  ].map { Array($0.utf8) }

  /// Whether an address on this line is likely someone else's: a contact, the sender, an id.
  static func isAboutSomethingElse(_ line: Octets) -> Bool {
    let lower = line.prefix(512).lowercasedBytes[...]
    return asides.contains { lower.contains($0) }
  }

  static func anyAddress(_ line: Octets, except excluded: Set<String>) -> Octets? {
    var index = line.startIndex
    while let at = line[index...].firstIndex(of: Octet.at) {
      if let address = AddressText.around(line, at: at), !excluded.contains(address.utf8Text.lowercased()) {
        return address
      }
      index = at + 1
    }
    return nil
  }
}

/// Addresses inside free text.
enum AddressText {
  private static func isLocal(_ byte: UInt8) -> Bool {
    if Octet.isLetter(byte) || Octet.isDigit(byte) || byte >= 0x80 { return true }
    return switch byte {
    case 33, 35...38, 43, 45, 46, 47, 61, 63, 94...96, 123...126: true
    default: false
    }
  }

  private static func isDomain(_ byte: UInt8) -> Bool {
    Octet.isLetter(byte) || Octet.isDigit(byte) || byte == Octet.dash || byte == Octet.dot || byte == 0x5F
      || byte == 0x23
  }

  /// The address that `text` begins with.
  static func read(_ text: Octets) -> Octets? {
    let local = text.prefix(256).prefix(while: isLocal)
    guard local.endIndex < text.endIndex, text[local.endIndex] == Octet.at else { return nil }
    return around(text, at: local.endIndex)
  }

  /// The address around the `@` at `at`.
  static func around(_ text: Octets, at: Int) -> Octets? {
    var start = at
    while start > text.startIndex, at - start < 256, isLocal(text[start - 1]) { start -= 1 }
    var end = at + 1
    while end < text.endIndex, end - at < 256, isDomain(text[end]) { end += 1 }
    while end > at + 1, text[end - 1] == Octet.dot || text[end - 1] == Octet.dash { end -= 1 }
    while start < at,
      text[start] == 0x27 || text[start] == Octet.equals || text[start] == 0x60 || text[start] == Octet.dot
    { start += 1 }
    guard start < at, end > at + 1, text[(at + 1)..<end].contains(Octet.dot) else { return nil }
    return text[start..<end]
  }
}
