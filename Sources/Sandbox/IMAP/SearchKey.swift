import MailFormats
import MailModel

/// What a SEARCH looks for; nesting is bounded.
indirect enum SearchKey {
  case all
  case has(flag: String)
  case lacks(flag: String)
  case uid(IMAPNumberSet)
  case sequence(IMAPNumberSet)
  case header(name: String, contains: String)
  case arrived(since: Timestamp)
  case not(SearchKey)
  case either(SearchKey, SearchKey)
  case every([SearchKey])

  private static let flags = [
    "SEEN": "\\Seen", "DELETED": "\\Deleted", "FLAGGED": "\\Flagged", "ANSWERED": "\\Answered", "DRAFT": "\\Draft",
  ]

  /// All keys up to the end of the command, joined by and.
  static func parse(_ scanner: inout IMAPScanner) -> SearchKey? {
    var keys: [SearchKey] = []
    repeat {
      guard let key = one(&scanner, depth: 0), keys.count < 1000 else { return nil }
      keys.append(key)
    } while scanner.space()
    return scanner.isAtEnd ? .every(keys) : nil
  }

  private static func one(_ scanner: inout IMAPScanner, depth: Int) -> SearchKey? {
    guard depth < 16 else { return nil }
    if scanner.take("(") {
      var keys: [SearchKey] = []
      repeat {
        guard let key = one(&scanner, depth: depth + 1) else { return nil }
        keys.append(key)
      } while scanner.space()
      return scanner.take(")") ? .every(keys) : nil
    }
    guard let word = scanner.word()?.uppercased() else { return nil }
    if let flag = flags[word] { return .has(flag: flag) }
    if word.hasPrefix("UN"), let flag = flags[String(word.dropFirst(2))] { return .lacks(flag: flag) }
    switch word {
    case "ALL": return .all
    case "NOT":
      guard scanner.space(), let key = one(&scanner, depth: depth + 1) else { return nil }
      return .not(key)
    case "OR":
      guard scanner.space(), let left = one(&scanner, depth: depth + 1), scanner.space(),
        let right = one(&scanner, depth: depth + 1)
      else { return nil }
      return .either(left, right)
    default: return withArgument(word, &scanner)
    }
  }

  private static func withArgument(_ word: String, _ scanner: inout IMAPScanner) -> SearchKey? {
    switch word {
    case "UID":
      guard scanner.space(), let text = scanner.word() else { return nil }
      return IMAPNumberSet(text).map { .uid($0) }
    case "KEYWORD", "UNKEYWORD":
      guard scanner.space(), let flag = scanner.word() else { return nil }
      return word == "KEYWORD" ? .has(flag: flag) : .lacks(flag: flag)
    case "SUBJECT", "FROM", "TO":
      guard scanner.space(), let value = scanner.text() else { return nil }
      return .header(name: word, contains: value.lowercased())
    case "SINCE":
      guard scanner.space(), let text = scanner.text(), let day = day(text) else { return nil }
      return .arrived(since: day)
    case "HEADER":
      guard scanner.space(), let name = scanner.text(), scanner.space(), let value = scanner.text() else { return nil }
      return .header(name: name.uppercased(), contains: value.lowercased())
    default: return IMAPNumberSet(word).map { .sequence($0) }
    }
  }

  /// The beginning of `21-Nov-1997` in UTC.
  private static func day(_ text: String) -> Timestamp? {
    let words = text.split(separator: "-", omittingEmptySubsequences: false)
    guard words.count == 3, let month = MailDate.months.firstIndex(where: { $0.lowercased() == words[1].lowercased() })
    else { return nil }
    func padded(_ text: some StringProtocol) -> String { text.count == 1 ? "0\(text)" : "\(text)" }
    return ISOMoment.read("\(words[2])-\(padded("\(month + 1)"))-\(padded(words[0]))T00:00:00Z")
  }

  /// - Parameter largest: what `*` stands for as a sequence number and as a UID.
  func matches(_ mail: StoredMail, number: UInt32, largest: (number: UInt32, uid: UInt32)) -> Bool {
    switch self {
    case .all: true
    case .has(let flag): mail.flags.contains(flag)
    case .lacks(let flag): !mail.flags.contains(flag)
    case .uid(let set): set.contains(mail.uid, largest: largest.uid)
    case .sequence(let set): set.contains(number, largest: largest.number)
    case .header(let name, let text):
      String(decoding: FetchItem.Section.fields([name], inverted: false).bytes(of: mail.bytes), as: UTF8.self)
        .dropFirst(name.count + 1).lowercased().contains(text)
    case .arrived(let day): mail.arrivedAt >= day
    case .not(let key): !key.matches(mail, number: number, largest: largest)
    case .either(let left, let right):
      left.matches(mail, number: number, largest: largest) || right.matches(mail, number: number, largest: largest)
    case .every(let keys): keys.allSatisfy { $0.matches(mail, number: number, largest: largest) }
    }
  }
}
