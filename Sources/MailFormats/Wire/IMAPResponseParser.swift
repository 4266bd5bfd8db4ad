/// Reads the responses of an IMAP server from bytes as they arrive, literals included (RFC 3501 §4.3, §9).
///
/// The content of a literal is never looked at: a mail that contains `A005 OK` or `{12}` is just bytes. Every dimension
/// is bounded. After an error the stream has no meaning: close the connection.
public struct IMAPResponseParser: Sendable {
  public struct Limits: Sendable, Equatable {
    /// Bytes of one response outside its literals.
    public var line = 65_536
    /// Bytes of one literal.
    public var literal: Int
    public var literals = 16
    public var depth = 32

    public init(literal: Int = 65_536) { self.literal = literal }
  }

  public var limits: Limits
  private var buffer: [UInt8] = []
  /// Where the response being read starts, how far line ends were looked for, and its literals.
  private var head = 0
  private var scanned = 0
  private var literals: [Range<Int>] = []

  public init(limits: Limits = Limits()) { self.limits = limits }

  /// Whether nothing of a further response has been read yet.
  public var isEmpty: Bool { head == buffer.count }

  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    if head == buffer.count {
      buffer.removeAll(keepingCapacity: true)
      (head, scanned) = (0, 0)
    } else if head >= buffer.count - head {
      // Fewer bytes are moved than were read, and the buffer stays in memory that the processor has at hand.
      buffer.removeSubrange(..<head)
      literals = literals.map { ($0.lowerBound - head)..<($0.upperBound - head) }
      scanned -= head
      head = 0
    }
    buffer.append(contentsOf: bytes)
  }

  public mutating func append(_ bytes: some Sequence<UInt8>) {
    Array(bytes).withUnsafeBytes { append($0) }
  }

  /// The next complete response, or `nil` when more bytes are needed.
  ///
  /// - Throws: ``IMAPResponseError`` as soon as the bytes cannot become a response.
  public mutating func next() throws(IMAPResponseError) -> IMAPResponse? {
    while true {
      if scanned > buffer.count { return nil }
      guard let end = buffer[scanned...].firstIndex(of: 0x0A) else {
        guard buffer.count - head - literalBytes <= limits.line else { throw .lineTooLong }
        scanned = buffer.count
        return nil
      }
      let lineStart = literals.last?.upperBound ?? head
      guard end - head - literalBytes <= limits.line else { throw .lineTooLong }
      guard end > lineStart, buffer[end - 1] == 0x0D else { throw .malformed("a line without CRLF") }
      if try startsLiteral(lineStart..<(end - 1), after: end + 1) {
        scanned = end + 1 + (literals.last?.count ?? 0)
        continue
      }
      let reader = IMAPReader(bytes: buffer, range: head..<(end - 1), literals: literals, depth: limits.depth)
      head = end + 1
      scanned = head
      literals.removeAll(keepingCapacity: true)
      return try Self.response(reader)
    }
  }

  private var literalBytes: Int { literals.reduce(0) { $0 + $1.count } }

  /// Whether the line ends in `{n}`; then notes where that literal lies, its bytes read or not.
  private mutating func startsLiteral(_ line: Range<Int>, after next: Int) throws(IMAPResponseError) -> Bool {
    guard line.count >= 3, buffer[line.upperBound - 1] == 0x7D, mayHoldLiterals() else { return false }
    var digits = line.upperBound - 1
    while digits > line.lowerBound, (0x30...0x39).contains(buffer[digits - 1]) { digits -= 1 }
    guard digits > line.lowerBound, digits < line.upperBound - 1, buffer[digits - 1] == 0x7B else { return false }
    guard let size = Int(String(decoding: buffer[digits..<(line.upperBound - 1)], as: UTF8.self)) else {
      throw .literalTooLong(.max)
    }
    guard size <= limits.literal else { throw .literalTooLong(size) }
    guard literals.count < limits.literals else { throw .tooManyLiterals }
    literals.append(next..<(next + size))
    return true
  }

  /// The human text of a status response may end in `{n}` without meaning it.
  private func mayHoldLiterals() -> Bool {
    guard buffer[head] == 0x2A else { return false }
    return IMAPStatus.Condition(reading: buffer[head...].dropFirst(2)) == nil
  }
}

extension IMAPResponseParser {
  private static func response(_ start: IMAPReader) throws(IMAPResponseError) -> IMAPResponse {
    var reader = start
    if reader.skip(0x2B) {
      _ = reader.skip(0x20)
      return .continuation(reader.rest())
    }
    let tag = try reader.word()
    guard reader.skip(0x20) else { throw .malformed("no space after \(tag.debugDescription)") }
    guard tag == "*" else {
      guard let status = reader.status() else { throw .malformed("a tagged response without a condition") }
      return .tagged(tag, status)
    }
    if let status = reader.status() { return .untagged(status) }
    let name = try reader.word().uppercased()
    guard let number = UInt32(name) else {
      switch name {
      case "CAPABILITY": return .capability(IMAPCapabilities(reader.rest()))
      case "SEARCH": return .search(try reader.numbers())
      default: return .other(name)
      }
    }
    guard reader.skip(0x20) else { throw .malformed("nothing after the number") }
    let kind = try reader.word().uppercased()
    guard kind == "FETCH" else { return .number(number, kind) }
    return .fetch(try reader.fetch(number))
  }
}
