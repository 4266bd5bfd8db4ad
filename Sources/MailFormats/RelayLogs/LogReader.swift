/// Reads a line from its beginning to its end, never back.
struct LogReader {
  var rest: Octets

  init(_ bytes: some Collection<UInt8>) {
    rest = Array(bytes)[...]
    while let last = rest.last, last == Octet.lf || last == Octet.cr || last == Octet.space { rest.removeLast() }
  }

  static func isAlphanumeric(_ byte: UInt8) -> Bool { Octet.isDigit(byte) || Octet.isLetter(byte) }

  /// Goes past `literal` when it comes next.
  mutating func skip(_ literal: String) -> Bool {
    guard rest.starts(with: literal.utf8) else { return false }
    rest = rest.dropFirst(literal.utf8.count)
    return true
  }

  /// What comes before `literal`, and goes past it; `nil` when it does not come within `limit` bytes.
  mutating func upTo(_ literal: String, limit: Int = .max) -> Octets? {
    let mark = Array(literal.utf8)
    var index = rest.startIndex
    let end = rest.index(index, offsetBy: min(limit, rest.count))
    while index < end {
      if rest[index] == mark[0], rest[index...].starts(with: mark) {
        let found = rest[rest.startIndex..<index]
        rest = rest[(index + mark.count)...]
        return found
      }
      index += 1
    }
    return nil
  }

  mutating func word(limit: Int) -> String? { upTo(" ", limit: limit)?.utf8Text }

  /// The digits after the last `literal`, and what follows them and a space.
  mutating func number(after literal: String) -> Int? {
    var isFound = false
    while upTo(literal) != nil { isFound = true }
    guard isFound, let digits = upTo(" ", limit: 8) else { return nil }
    return Int(digits.utf8Text)
  }

  mutating func moment() -> PostfixLogLine.Moment? {
    guard let first = rest.first else { return nil }
    return Octet.isDigit(first) ? isoMoment() : civilMoment()
  }

  private mutating func isoMoment() -> PostfixLogLine.Moment? {
    word(limit: 40).flatMap(ISOMoment.read).map(PostfixLogLine.Moment.exact)
  }

  /// `Nov  1 04:05:06 `.
  private mutating func civilMoment() -> PostfixLogLine.Moment? {
    guard rest.count > 16, let month = MailDate.months.firstIndex(of: rest.prefix(3).utf8Text) else { return nil }
    let fields = rest.dropFirst(4).prefix(11).utf8Text.split(separator: " ")
    let clock = fields.last?.split(separator: ":").map { Int($0) } ?? []
    guard rest[rest.startIndex + 3] == Octet.space, rest[rest.startIndex + 15] == Octet.space, fields.count == 2,
      let day = Int(fields[0]), clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
      (1...31).contains(day), (0..<24).contains(hour), (0..<60).contains(minute), (0..<61).contains(second)
    else { return nil }
    rest = rest.dropFirst(16)
    return .local(month: month + 1, day: day, hour: hour, minute: minute, second: second)
  }

  /// `to=<a@b>, orig_to=<c@d>, relay=…, delay=…, delays=…, dsn=2.0.0, status=sent (250 …)`.
  mutating func delivery() -> PostfixLogLine.Delivery? {
    guard skip("to=<"), let recipient = path() else { return nil }
    var original: String?
    if skip("orig_to=<") {
      guard let path = path() else { return nil }
      original = path
    }
    guard skip("relay="), let relay = upTo(", ", limit: 300), let middle = upTo("status=", limit: 300) else {
      return nil
    }
    var fields = LogReader(middle)
    let dsn = fields.upTo("dsn=") == nil ? nil : fields.upTo(",", limit: 12)
    let status = rest.prefix { LogReader.isAlphanumeric($0) }
    guard (1...20).contains(status.count), !middle.contains(UInt8(ascii: "(")) else { return nil }
    var text = rest.dropFirst(status.count)
    if text.starts(with: " (".utf8) { text = text.dropFirst(2) }
    if text.last == UInt8(ascii: ")") { text = text.dropLast() }
    return PostfixLogLine.Delivery(
      recipient: recipient, originalRecipient: original, relay: relay.utf8Text,
      enhancedStatus: dsn?.utf8Text ?? "", status: status.utf8Text,
      text: text.prefix(1_000).utf8Text)
  }

  /// An address up to its `>, `, which a quoted local part may hold as well.
  private mutating func path() -> String? {
    let whole = rest
    if rest.first == Octet.quote {
      rest = rest.dropFirst()
      guard upTo("\"@", limit: 400) != nil else { return nil }
    }
    guard upTo(">, ", limit: 400) != nil else { return nil }
    return whole[whole.startIndex..<(rest.startIndex - 3)].utf8Text
  }
}
