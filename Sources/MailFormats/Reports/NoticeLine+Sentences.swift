/// How sentences and lists name addresses.
extension NoticeLine {
  /// The other addresses of a line that lists several and nothing else: `a@b, c@d; <e@f>`.
  static func further(_ line: Octets, after first: Octets) -> [Octets] {
    let joined = joinedAddress(line[first.endIndex...])
    guard joined.isEmpty, line[first.endIndex...].contains(where: { $0 == 0x2C || $0 == Octet.semicolon }) else {
      return joined
    }
    var found: [Octets] = []
    let list = announcesFailure(line[..<first.startIndex]) ? line[first.startIndex...] : line
    for item in list.split(whereSeparator: { $0 == 0x2C || $0 == Octet.semicolon }).prefix(maximumListed) {
      let content = item.trimmed.drop { $0 == Octet.less }
      guard let address = AddressText.read(content),
        content[address.endIndex...].allSatisfy({ $0 == Octet.greater || $0 == Octet.dot })
      else { return [] }
      found.append(address)
    }
    return Array(found.dropFirst())
  }

  static let maximumListed = 50

  private static let conjunctions: [StaticString] = ["and ", "und ", "et ", "y ", "e ", "en ", "och ", "og ", "& "]

  /// The second address of two that a sentence is about: `to a@b and c@d`.
  private static func joinedAddress(_ rest: Octets) -> [Octets] {
    let text = rest.drop { $0 == Octet.greater || $0 == Octet.quote || $0 == 0x27 }
    guard text.first == Octet.space else { return [] }
    let words = text.dropFirst()
    guard let word = conjunctions.first(where: { words.starts(with: $0) }) else { return [] }
    let second = words.dropFirst(word.utf8CodeUnitCount).drop {
      $0 == Octet.less || $0 == Octet.quote || $0 == 0x27
    }
    return AddressText.read(second).map { [$0] } ?? []
  }

  /// The address after what says that delivery failed and ends with a colon: `Could not be delivered to: <a@b>`.
  static func announcedAddress(_ line: Octets, except excluded: Set<String>) -> Octets? {
    LineAddresses(line.prefix(512), except: excluded).first { announcesFailure(line[..<$0.startIndex]) }
  }

  /// Whether a line has nothing but addresses, from `first` to `last`, and what announces them.
  static func isBare(_ line: Octets, around first: Octets, _ last: Octets) -> Bool {
    func isWord(_ byte: UInt8) -> Bool { Octet.isLetter(byte) || Octet.isDigit(byte) || byte >= 0x80 }
    let before = line[..<first.startIndex]
    return !line[last.endIndex...].contains(where: isWord)
      && (!before.contains(where: isWord) || announcesFailure(before))
  }

  /// A line that names a program where others name an address: `"|/usr/bin/filter"`, `pipe to |/usr/bin/filter`.
  static func namesProgram(_ line: Octets) -> Bool {
    let content = line.trimmed
    return content.starts(with: "\"|") || content.starts(with: "|/") || content.starts(with: "pipe to |")
  }

  /// `Could not be delivered to:`, before a list on the same line.
  private static func announcesFailure(_ words: Octets) -> Bool {
    let label = words.prefix { $0 != Octet.less }.trimmed
    guard label.last == Octet.colon else { return false }
    let lower = label.lowercasedBytes[...]
    return lower.contains([UInt8]("deliver")) || lower.contains([UInt8]("failed"))
  }

  private static let successors: [[UInt8]] = ["moved", "new address", "changed", "replaced"].map { Array($0.utf8) }
  private static let changes: [[UInt8]] = ["new domain", "new address", "new e-mail", "new email"].map {
    Array($0.utf8)
  }

  private static let maximumReferral = 24

  /// `The mailbox has moved to:`, `Please write to`: the address on the next line is another one.
  static func announcesSuccessor(_ line: Octets, _ words: KindWords) -> Bool {
    let text = line.trimmed
    let isList = text.last == Octet.colon
    let end = (isList ? text.dropLast().trimmed : text).suffix(maximumReferral)
    // Most lines end with something else, and need no closer look.
    if let last = end.last.map(Octet.lower), words[.referrals].contains(where: { $0.last == last }) {
      let lower = end.lowercasedBytes
      if words[.referrals].contains(where: { lower.suffix($0.count).elementsEqual($0) }) { return true }
    }
    guard isList || text.last == Octet.dot else { return false }
    let lower = text.suffix(512).lowercasedBytes[...]
    return (isList ? successors : changes).contains { lower.contains($0) }
  }

  /// A line that may announce a list: it ends with a colon or begins with dashes.
  static func isHeading(_ line: Octets) -> Bool {
    let text = line.trimmed
    return text.last == Octet.colon || text.starts(with: "-----")
  }

  private static let denials = ["not ", "n't ", "unsuccess"].map { Array($0.utf8) }

  /// These say so when nothing else stands on the line: `Undelivered:` does not.
  private static let bareSuccesses: [StaticString] = [
    "delivered:", "delivered to:", "reached:", "relayed:", "successful:",
  ]

  /// `The following were delivered:`, `----- The following addresses had successful delivery notifications -----`
  static func announcesSuccess(_ heading: Octets, _ words: KindWords) -> Bool {
    let lower = heading.prefix(512).lowercasedBytes[...]
    if bareSuccesses.contains(where: lower.trimmed.equals) { return true }
    return words[.successHeadings].contains(where: lower.contains) && !denials.contains { lower.contains($0) }
  }

  private static let failures: [[UInt8]] = [
    "be delivered", "not delivered", "undeliverable", "user unknown", "unknown user", "no such user", "not exist",
    "unable to deliver", "failed", "is delayed", "been delayed",
  ].map { Array($0.utf8) }

  private static let addressing: [StaticString] = ["to", "address", "recipient", "user", "mailbox"]

  /// The address after `to` or `the user` on a line that says what failed.
  static func failedAddressee(_ line: Octets, except excluded: Set<String>) -> Octets? {
    let lower = line.prefix(1_024).lowercasedBytes[...]
    guard failures.contains(where: { lower.contains($0) }) else { return nil }
    return LineAddresses(line, except: excluded).first { address in
      addressing.contains(where: wordBefore(address.startIndex, in: line).equals)
    }
  }
}
