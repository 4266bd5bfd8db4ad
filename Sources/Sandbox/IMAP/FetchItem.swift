/// One thing a FETCH asks for.
enum FetchItem: Equatable {
  case uid, flags, size, internalDate
  /// - Parameters:
  ///   - label: what the response names it.
  ///   - isPeek: does not set `\Seen`.
  ///   - partial: `<start.length>`.
  case section(Section, label: String, isPeek: Bool, partial: Partial?)

  enum Section: Equatable {
    case whole, header, text
    case fields([String], inverted: Bool)
  }

  struct Partial: Equatable {
    var start: Int
    var length: Int
  }

  /// The items of a word or of a macro; `nil` for what this server does not know.
  static func items(_ word: String) -> [FetchItem]? {
    switch word.uppercased() {
    case "UID": [.uid]
    case "FLAGS": [.flags]
    case "RFC822.SIZE": [.size]
    case "INTERNALDATE": [.internalDate]
    case "FAST": [.flags, .internalDate, .size]
    case "RFC822": [.section(.whole, label: "RFC822", isPeek: false, partial: nil)]
    case "RFC822.HEADER": [.section(.header, label: "RFC822.HEADER", isPeek: true, partial: nil)]
    case "RFC822.TEXT": [.section(.text, label: "RFC822.TEXT", isPeek: false, partial: nil)]
    default: section(word).map { [$0] }
    }
  }

  /// `BODY[…]<start.length>` and `BODY.PEEK[…]`.
  private static func section(_ word: String) -> FetchItem? {
    guard let open = word.firstIndex(of: "["), let close = word.lastIndex(of: "]"), open < close else { return nil }
    let name = word[..<open].uppercased()
    guard name == "BODY" || name == "BODY.PEEK" else { return nil }
    let inside = word[word.index(after: open)..<close]
    guard let section = Section(inside) else { return nil }
    let tail = word[word.index(after: close)...]
    var partial: Partial?
    if !tail.isEmpty {
      guard let parsed = Partial(tail) else { return nil }
      partial = parsed
    }
    let label = "BODY[\(inside.uppercased())]" + (partial.map { "<\($0.start)>" } ?? "")
    return .section(section, label: label, isPeek: name == "BODY.PEEK", partial: partial)
  }
}

extension FetchItem.Section {
  init?(_ text: Substring) {
    let upper = text.uppercased()
    switch upper {
    case "": self = .whole
    case "HEADER": self = .header
    case "TEXT": self = .text
    default:
      guard upper.hasPrefix("HEADER.FIELDS"), let open = upper.firstIndex(of: "("), upper.hasSuffix(")") else {
        return nil
      }
      let names = upper[upper.index(after: open)...].dropLast().split(separator: " ").map { $0.filter { $0 != "\"" } }
      self = .fields(names, inverted: upper.hasPrefix("HEADER.FIELDS.NOT"))
    }
  }

  /// The bytes of this section of `mail`.
  func bytes(of mail: [UInt8]) -> [UInt8] {
    let split = Self.headerEnd(of: mail)
    switch self {
    case .whole: return mail
    case .header: return Array(mail[..<split])
    case .text: return Array(mail[split...])
    case .fields(let names, let inverted):
      var kept: [UInt8] = []
      var isKept = false
      for line in mail[..<split].split(separator: 0x0A) where line.count > 1 {
        if line.first != 0x20, line.first != 0x09 {
          let name = String(decoding: line.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self).uppercased()
          isKept = names.contains(name) != inverted
        }
        if isKept { kept += line + [0x0A] }
      }
      return kept + [0x0D, 0x0A]
    }
  }

  /// Where the body begins: after the first empty line.
  private static func headerEnd(of mail: [UInt8]) -> Int {
    var lineStart = 0
    while let end = mail[lineStart...].firstIndex(of: 0x0A) {
      if end == lineStart || (end == lineStart + 1 && mail[lineStart] == 0x0D) { return end + 1 }
      lineStart = end + 1
    }
    return mail.count
  }
}

extension FetchItem.Partial {
  /// `<start.length>`
  fileprivate init?(_ text: Substring) {
    guard text.first == "<", text.last == ">" else { return nil }
    let numbers = text.dropFirst().dropLast().split(separator: ".").map { UInt32($0) }
    guard numbers.count == 2, let start = numbers[0], let length = numbers[1] else { return nil }
    self.init(start: Int(start), length: Int(length))
  }
}
