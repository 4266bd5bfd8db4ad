/// Parts a notice by the addresses in it: the lines from one address to the next speak about the first.
struct NoticeSections {
  private(set) var found: [NoticeReader.Finding] = []
  private let excluded: Set<String>
  private let isNamed: Bool
  private let words: KindWords
  private var positions: [String: Int] = [:]
  /// The address that lines speak about now.
  private var current: Int?
  /// The last address of the line above, when nothing else stood there.
  private var listed: Int?
  /// Whether the line above ended before it named the address that the current one was expanded from.
  private var awaitsOriginal = false
  private var namesSuccessor = false
  /// Whether the lines are below what announces those that were delivered.
  private var tellsSuccess = false

  /// - Parameters:
  ///   - excluded: addresses that cannot be the failed recipient.
  ///   - isNamed: whether the way in which addresses are looked for says that they are recipients.
  init(excluded: Set<String>, isNamed: Bool, words: KindWords) {
    self.excluded = excluded
    self.isNamed = isNamed
    self.words = words
  }

  /// What is said below a list of addresses is said of each of them.
  var shared: [NoticeReader.Finding] {
    var result = found
    for index in result.indices.dropLast().reversed() where result[index].sharesNext {
      result[index].lines += result[index + 1].lines.prefix(NoticeReader.maximumSectionLength)
    }
    return result
  }

  mutating func read(_ line: Octets, _ addressOf: (Octets) -> Octets?) {
    let above = listed
    listed = nil
    if NoticeLine.isHeading(line) {
      tellsSuccess = NoticeLine.announcesSuccess(line, words)
      if tellsSuccess { current = nil }
    }
    if tellsSuccess { return }
    if awaitsOriginal, let current {
      found[current].expandedFrom = NoticeLine.anyAddress(line, except: [])?.utf8Text
      awaitsOriginal = false
    } else if !namesSuccessor, let first = addressOf(line) {
      keep([first] + NoticeLine.further(line, after: first), on: line, below: above)
    }
    readExpansion(line)
    if let current { Self.append(line, to: &found[current]) }
    if !line.trimmed.isEmpty { namesSuccessor = NoticeLine.announcesSuccessor(line, words) }
  }

  private mutating func keep(_ addresses: [Octets], on line: Octets, below above: Int?) {
    guard let first = addresses.first, let last = addresses.last else { return }
    let start = found.count
    for address in addresses {
      let address = address.utf8Text
      if !excluded.contains(address.lowercased()) { current = position(of: address) }
    }
    let isBare = NoticeLine.isBare(line, around: first, last)
    if isBare, let above, above == start - 1 { found[above].sharesNext = true }
    for index in start..<max(start, found.count - 1) { found[index].sharesNext = true }
    if isBare { listed = found.indices.last }
  }

  private mutating func position(of address: String) -> Int {
    let key = address.lowercased()
    if let known = positions[key] { return known }
    positions[key] = found.count
    found.append(NoticeReader.Finding(address: address, isNamed: isNamed))
    return found.count - 1
  }

  /// The address that one was expanded from, or that a program was run for, which has no line of its own:
  /// `(expanded from: <a@b>)`.
  private mutating func readExpansion(_ line: Octets) {
    if NoticeLine.namesProgram(line) { current = nil }
    guard let tail = NoticeLine.expansion(line) else { return }
    if let current {
      guard found[current].expandedFrom == nil else { return }
      found[current].expandedFrom = NoticeLine.anyAddress(tail, except: [])?.utf8Text
      awaitsOriginal = tail.allSatisfy { Octet.isSpace($0) || $0 == Octet.colon }
    } else if let address = NoticeLine.anyAddress(tail, except: excluded)?.utf8Text {
      current = position(of: address)
    }
  }

  /// What sendmail itself writes below any refusal: it says nothing of the reason.
  private static let closing: StaticString = "554 5.0.0 service unavailable"

  private static func append(_ line: Octets, to finding: inout NoticeReader.Finding) {
    guard finding.lines.count < NoticeReader.maximumSectionLength, !line.equals(closing) else { return }
    finding.lines += line.prefix(NoticeReader.maximumSectionLength)
    finding.lines.append(Octet.lf)
  }
}
