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
    // `a@b <c@d>: …`: what looks like an address is the name of the one in brackets.
    let tail = rest.trimmed
    if line[address.endIndex...].first == Octet.space, tail.first == Octet.less,
      let inner = AddressText.read(tail.dropFirst()), tail[inner.endIndex...].starts(with: ">:")
    {
      return inner
    }
    let isAlone = rest.trimmed.isEmpty
    let follows = line[address.endIndex...].first
    let isIndented = line.first.map(Octet.isSpace) ?? false
    if rest.starts(with: " fails, ") || rest.starts(with: " instead") { return nil }
    if isAlone || follows == Octet.colon || follows == Octet.greater || follows == 0x5D { return address }
    return isIndented || rest.trimmed.first == 0x28 || rest.starts(with: "...") || rest.starts(with: " on ")
      ? address : nil
  }

  /// An address in angle brackets that ends what a line says about it: `Could not be delivered to: <a@b>`.
  static func closingAddress(_ line: Octets) -> Octets? {
    let content = line.trimmed
    guard content.last == Octet.greater, let less = content.lastIndex(of: Octet.less),
      content[..<less].trimmed.last == Octet.colon, let address = AddressText.read(content[(less + 1)...]),
      address.endIndex == content.endIndex - 1
    else { return nil }
    return address
  }

  /// A name and its address at the end of what names a recipient: `Ann Lee <a@b>`, `Ann <a@b>: no such user`,
  /// `Ann Lee (a@b)`.
  static func namedAddress(_ line: Octets) -> Octets? {
    guard let less = line.prefix(200).firstIndex(where: { $0 == Octet.less || $0 == 0x28 }),
      !line[..<less].contains(Octet.colon),
      line[..<less].contains(where: Octet.isLetter), let address = AddressText.read(line[(less + 1)...]),
      address.endIndex < line.endIndex, line[address.endIndex] == (line[less] == 0x28 ? 0x29 : Octet.greater)
    else { return nil }
    let rest = line[(address.endIndex + 1)...].trimmed
    let words = line[..<less].split(separator: Octet.space)
    if line[..<less].trimmed.starts(with: "please ") { return nil }
    return words.count <= 4 && (rest.isEmpty || rest.first == Octet.colon) ? address : nil
  }

  /// What sendmail says at the end of one dialogue: `550 <a@b>... User unknown`.
  static func transcriptAddress(_ line: Octets) -> Octets? {
    guard line.count > 8, StatusText.replyCode(in: line.prefix(4)) != nil else { return nil }
    let body = line.dropFirst(3).drop { Octet.isSpace($0) || Octet.isDigit($0) || $0 == Octet.dot || $0 == Octet.dash }
    guard let address = AddressText.read(body.first == Octet.less ? body.dropFirst() : body) else { return nil }
    let rest = line[address.endIndex...].drop { $0 == Octet.greater }
    return rest.starts(with: "...") ? address : nil
  }

  /// Where a line tells the address that the failed one was made of: `(expanded from <a@b>)`.
  static func expansion(_ line: Octets) -> Octets? {
    guard let open = line.prefix(512).firstIndex(of: 0x28) else { return nil }
    let rest = line[(open + 1)...]
    for words in ["expanded from", "generated from", "ultimately generated from", "aliased from"] as [StaticString]
    where rest.starts(with: words) {
      return rest.dropFirst(words.utf8CodeUnitCount)
    }
    return nil
  }

  /// A line that says whose address it is: `Undeliverable Address: a@b`.
  static func labelledAddress(_ line: Octets, _ words: KindWords) -> Octets? {
    let body = line.drop { Octet.isSpace($0) || $0 == Octet.dash || $0 == 0x2A }
    let start = FoldedText.folded(body.prefix(maximumLabel))[...]
    guard words[.recipientLabels].contains(where: start.starts) else { return nil }
    return anyAddress(line, except: [])
  }

  /// Whether an address on this line is likely someone else's: a contact, the sender, an id.
  static func isAboutSomethingElse(_ line: Octets, _ words: KindWords) -> Bool {
    let lower = FoldedText.folded(line.prefix(512))[...]
    return words[.otherAddresses].contains(where: lower.contains)
  }

  private static let maximumLabel = 120

  private static let idWords: [StaticString] = ["message", "id"]
  private static let addressWords: [StaticString] = ["to", "recipient", "user", "mailbox", "errors"]

  /// Of the addresses on a line, the one that it says something was sent to; else the first that is no sender's; else the first.
  /// What follows `message` or `id` is none.
  /// - Parameters:
  ///   - isSure: only what it says something was sent to.
  static func likelyAddress(
    _ line: Octets, except excluded: Set<String>, isSure: Bool, _ words: KindWords
  ) -> Octets? {
    guard line.contains(Octet.at), !isAboutSomethingElse(line, words) else { return nil }
    var first: Octets?
    var sender: Octets?
    for address in LineAddresses(line, except: excluded) {
      let word = wordBefore(address.startIndex, in: line)
      if addressWords.contains(where: word.equals) || followsArrow(address.startIndex, in: line) { return address }
      if word.equals("from") {
        sender = sender ?? address
      } else if first == nil, !idWords.contains(where: word.equals) {
        first = address
      }
    }
    return isSure ? nil : first ?? sender
  }

  /// Whether an arrow points there: `a@b -> c@d`.
  private static func followsArrow(_ place: Int, in line: Octets) -> Bool {
    let before = line[..<place].suffix(8).trimmed
    let end = before.last == Octet.less ? before.dropLast().trimmed : before
    return end.suffix(2).elementsEqual("->".utf8) || end.suffix(2).elementsEqual("=>".utf8)
      || end.suffix(3).elementsEqual("→".utf8)
  }

  /// The word in front of a place on a line, past brackets and quotes.
  static func wordBefore(_ place: Int, in line: Octets) -> Octets {
    func isLetter(_ byte: UInt8) -> Bool { Octet.isLetter(byte) || byte >= 0x80 }
    var end = place
    while end > line.startIndex, !isLetter(line[end - 1]) { end -= 1 }
    var start = end
    while start > line.startIndex, isLetter(line[start - 1]) { start -= 1 }
    return line[start..<end]
  }

  static func anyAddress(_ line: Octets, except excluded: Set<String>) -> Octets? {
    LineAddresses(line, except: excluded).first { _ in true }
  }

  /// `The following recipients could not be reached:`
  static func announcesList(_ line: Octets) -> Bool {
    guard line.last == Octet.colon, line.count < 400 else { return false }
    let lower = line.lowercasedBytes[...]
    let subjects: [[UInt8]] = ["recipient", "user", "address", "mailbox", "delivered to"].map { Array($0.utf8) }
    return lower.contains(Array("following".utf8)) && subjects.contains { lower.contains($0) }
  }

  /// A line with one user name on it, indented or alone.
  static func bareUser(_ line: Octets) -> Octets? {
    let content = line.trimmed
    let user = content.prefix {
      Octet.isLetter($0) || Octet.isDigit($0) || $0 == Octet.dot || $0 == Octet.dash || $0 == 0x5F
    }
    guard (2...64).contains(user.count), user.contains(where: Octet.isLetter) else { return nil }
    let rest = content[user.endIndex...]
    let isIndented = line.first.map(Octet.isSpace) ?? false
    return rest.isEmpty || (isIndented && rest.starts(with: "  ")) ? user : nil
  }

  /// The first address in angle brackets of a notice, as list servers name the list.
  static func listAddress(in notice: [UInt8]) -> String? {
    for line in LineReader(notice[...].prefix(8_192)) {
      guard let less = line.firstIndex(of: Octet.less), let address = AddressText.read(line[(less + 1)...]) else {
        continue
      }
      return address.utf8Text
    }
    return nil
  }
}
