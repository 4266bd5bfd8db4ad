/// The number of a ticket in front of a subject, or behind it: such a mail is about what somebody wrote.
enum TicketMark {
  /// - Parameters:
  ///   - keys: whether marks such as `[IT-4410]`, `(OPS-12)`, `#4410` and `Ticket 4410` count too, besides `[Ticket#123]`.
  ///   - names: what tickets are called, in lower case.
  static func isOn(_ subject: String, keys: Bool, names: [[UInt8]]) -> Bool {
    let title = Array(subject.utf8)[...].trimmed
    var rest = title.prefix(maximumLength)
    while let first = rest.first, let close = brackets[first], let end = rest.firstIndex(of: close) {
      let mark = rest[(rest.startIndex + 1)..<end].trimmed
      if first == 0x5B, isNumbered(mark) { return true }
      if keys, isKey(mark) { return true }
      rest = rest[(end + 1)...].trimmed
    }
    return keys && (isMark(rest, names) || ends(rest, of: title))
  }

  /// `IT-4410: …`, `#4410 …`, `Ticket 4410 …`, `Ticket #4410 …`.
  private static func isMark(_ title: Octets, _ names: [[UInt8]]) -> Bool {
    let word = title.prefix { $0 != Octet.space && $0 != Octet.colon }
    // Without brackets a word such as `SMTP-550` is a key only where nothing but the colon of a title follows.
    if isKey(word) { return word.endIndex < title.endIndex && title[word.endIndex] == Octet.colon }
    if word.first == 0x23 { return word.count > 1 && word.dropFirst().allSatisfy(Octet.isDigit) }
    guard names.contains(where: word.lowercasedBytes.elementsEqual) else { return false }
    return title[word.endIndex...].drop { $0 == Octet.space || $0 == Octet.colon || $0 == 0x23 }.first
      .map(Octet.isDigit) == true
  }

  /// `… [Ticket#123]`, not where the subject tells another one, which may have had its own: `Undeliverable: … [Ticket#123]`.
  private static func ends(_ rest: Octets, of title: Octets) -> Bool {
    guard title.last == 0x5D, !rest.isEmpty, let open = title.lastIndex(of: 0x5B) else { return false }
    return isNumbered(title[open...]) && !title[..<open].contains(Octet.colon)
  }

  /// `Ticket#123`, `our.example #123`.
  private static func isNumbered(_ mark: Octets) -> Bool {
    guard let hash = mark.firstIndex(of: 0x23) else { return false }
    return mark[(hash + 1)...].contains(where: Octet.isDigit)
  }

  /// `IT-4410`, `INC0010023`.
  private static func isKey(_ mark: Octets) -> Bool {
    let project = mark.prefix(while: Octet.isLetter)
    let tail = mark[project.endIndex...]
    let number = tail.first == Octet.dash ? tail.dropFirst() : tail
    // Without a dash only long numbers are no part of a name.
    let shortest = number.startIndex == tail.startIndex ? 5 : 1
    return (2...10).contains(project.count) && (shortest...10).contains(number.count)
      && number.allSatisfy(Octet.isDigit)
  }

  private static let brackets: [UInt8: UInt8] = [0x5B: 0x5D, 0x28: 0x29]
  private static let maximumLength = 80
}
