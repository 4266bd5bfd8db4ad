/// The one form of a message that is stored, hashed and sent (fault 18): CRLF line ends only, so that strict and sloppy
/// receivers see one message; no NUL; no Bcc; with Date and Message-ID; ended by CRLF.
public enum CanonicalMessage {
  /// The largest message taken, in bytes.
  public static let maximumLength = 25 << 20
  /// RFC 5322 §2.1.1, without CRLF.
  public static let maximumLineLength = 998
  /// Of the header, in bytes: receivers take far less.
  public static let maximumHeaderLength = 1 << 20

  /// Fields that are added when the message lacks them.
  public struct Additions: Sendable {
    /// An RFC 5322 date, see ``MailDate``.
    public var date: String
    /// With its angle brackets.
    public var messageID: String

    public init(date: String, messageID: String) {
      self.date = date
      self.messageID = messageID
    }
  }

  /// The canonical form of `bytes`. LF, CR and CRLF each end a line; a leading mbox `From ` line is dropped.
  ///
  /// - Throws: ``CanonicalError`` for NUL, overlong lines, a malformed header, controls in the header, repeated fields.
  public static func canonicalise(_ bytes: [UInt8], additions: Additions? = nil) throws(CanonicalError) -> [UInt8] {
    let (header, body) = try read(bytes)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + header.fields.count * 2 + 160)
    if let additions {
      if !header.has("date") { append("Date: \(additions.date)", to: &result) }
      if !header.has("message-id") { append("Message-ID: \(additions.messageID)", to: &result) }
    }
    for line in header.keptLines { append(line, to: &result) }
    // Without any field the first lines of the body would be read as the header.
    guard !result.isEmpty else { throw .malformedHeader(line: 1) }
    result += [Octet.cr, Octet.lf]
    for line in body { append(line, to: &result) }
    guard result.count <= maximumLength else { throw .tooLarge(size: result.count, limit: maximumLength) }
    return result
  }

  /// The header and the body's lines, read strictly: the one reading that decides what is sent and to whom. Empty lines
  /// at the start are dropped; a message of only a header is accepted.
  static func read(_ bytes: [UInt8]) throws(CanonicalError) -> (header: HeaderLines, body: CanonicalLines) {
    try checkSize(bytes)
    var lines = CanonicalLines(bytes)
    while let line = lines.peek(), line.isEmpty { _ = lines.next() }
    guard lines.peek() != nil else { throw .empty }
    let header = try HeaderLines(reading: &lines)
    let body = lines
    while let line = lines.next() {
      guard line.count <= maximumLineLength else { throw .bodyLineTooLong(line: lines.number, length: line.count) }
    }
    try header.check()
    return (header, body)
  }

  private static func checkSize(_ bytes: [UInt8]) throws(CanonicalError) {
    guard !bytes.isEmpty else { throw .empty }
    guard bytes.count <= maximumLength else { throw .tooLarge(size: bytes.count, limit: maximumLength) }
    if let offset = bytes.firstIndex(of: 0) { throw .containsNUL(offset: offset) }
  }

  private static func append(_ line: ArraySlice<UInt8>, to result: inout [UInt8]) {
    result += line
    result += [Octet.cr, Octet.lf]
  }

  private static func append(_ line: String, to result: inout [UInt8]) { append(Array(line.utf8)[...], to: &result) }
}
