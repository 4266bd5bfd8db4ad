public import MailModel

/// A line of a Postfix log that tells something about one message (Postfix DEBUG_README, `postlogd(8)`).
///
/// Lines come from many hands: recipients, Message-IDs and replies of servers are text from outside. What is read here is
/// cut, and nothing of it says more than which message of ours a queue id may be.
public struct PostfixLogLine: Sendable, Equatable {
  /// When it was written.
  public enum Moment: Sendable, Equatable {
    /// ISO 8601 with an offset, as rsyslog and `postlogd` write it.
    case exact(Timestamp)
    /// `Nov 21 04:05:06`, without year and time zone (RFC 3164).
    case local(month: Int, day: Int, hour: Int, minute: Int, second: Int)
  }

  public enum Statement: Sendable, Equatable {
    /// `cleanup`: the Message-ID of what a client is handing in; it is not accepted yet.
    case messageID(String)
    /// `qmgr`: it is in the queue, so the client was told 250.
    case queued(recipients: Int)
    case delivery(Delivery)
  }

  /// What came of it for one recipient.
  public struct Delivery: Sendable, Equatable {
    public var recipient: String
    /// The recipient before aliases, when it differs.
    public var originalRecipient: String?
    /// `mx.example.org[192.0.2.1]:25`.
    public var relay: String
    public var enhancedStatus: String
    /// `sent`, `bounced`, `deferred`, `expired` …
    public var status: String
    public var text: String
  }

  public var moment: Moment
  /// The machine that wrote it.
  public var host: String
  /// `smtp`, `cleanup`, `qmgr` …
  public var daemon: String
  public var queueID: String
  public var statement: Statement

  /// Longer lines are no Postfix lines.
  public static let longest = 16_384

  /// `nil` for a line that tells nothing of this kind.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count <= PostfixLogLine.longest else { return nil }
    var reader = LogReader(bytes)
    guard let moment = reader.moment(), let host = reader.word(limit: 255), !host.isEmpty,
      let tag = reader.upTo("]: ", limit: 200), let bracket = tag.firstIndex(of: UInt8(ascii: "[")),
      let slash = tag[..<bracket].lastIndex(of: UInt8(ascii: "/")), tag.starts(with: "postfix".utf8)
    else { return nil }
    guard let id = reader.upTo(": ", limit: 40), (5...30).contains(id.count), id.allSatisfy(LogReader.isAlphanumeric)
    else { return nil }
    daemon = tag[tag.index(after: slash)..<bracket].utf8Text
    queueID = id.utf8Text
    self.moment = moment
    self.host = host.lowercased()
    guard let statement = PostfixLogLine.statement(daemon, &reader) else { return nil }
    self.statement = statement
  }

  private static func statement(_ daemon: String, _ reader: inout LogReader) -> Statement? {
    switch daemon {
    case "cleanup":
      guard reader.skip("message-id=") else { return nil }
      let id = reader.rest.utf8Text
      return (1...998).contains(id.utf8.count) ? .messageID(id) : nil
    case "qmgr":
      guard reader.skip("from=<"), let count = reader.number(after: ", nrcpt="),
        reader.rest.elementsEqual("(queue active)".utf8)
      else { return nil }
      return .queued(recipients: count)
    default:
      return reader.delivery().map(Statement.delivery)
    }
  }
}

/// Reads a line from its beginning to its end, never back.
private struct LogReader {
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
