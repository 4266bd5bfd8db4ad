public import MailModel

/// What a server said that is not an SMTP reply, or is more of one than anybody needs.
public enum SMTPReplyError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A line that does not start with a code of 200–599 and a space, a hyphen or its end.
  case malformed(String)
  /// A later line of a reply carries another code than its first.
  case mixedCodes(Int, Int)
  /// A line longer than ``SMTPReplyParser/maximumLine``.
  case lineTooLong
  /// More lines or bytes in one reply than ``SMTPReplyParser`` takes.
  case replyTooLong

  public var description: String {
    switch self {
    case .malformed(let line): "not an SMTP reply: \(line.debugDescription)"
    case .mixedCodes(let first, let later): "one reply with two codes, \(first) and \(later)"
    case .lineTooLong: "a reply line longer than \(SMTPReplyParser.maximumLine) bytes"
    case .replyTooLong: "a reply longer than \(SMTPReplyParser.maximumLines) lines"
    }
  }
}

/// Reads the replies of an SMTP server (RFC 5321 §4.2) from bytes as they arrive.
///
/// Takes a bare LF for a line end and lines beyond the 512 bytes of RFC 5321 §4.5.3.1.5, because real servers
/// send both, but keeps every dimension bounded. After an error the stream has no meaning: close the connection.
public struct SMTPReplyParser: Sendable {
  public static let maximumLine = 2_048
  public static let maximumLines = 128
  /// Bytes of text kept of one reply; what goes beyond is read and dropped.
  public static let maximumText = 4_096

  private var buffer: [UInt8] = []
  private var head = 0
  private var scanned = 0
  private var code = 0
  private var lines = 0
  private var text: [UInt8] = []
  private var status: EnhancedStatus?

  public init() { buffer.reserveCapacity(4_096) }

  /// Whether nothing of a further reply has been read yet.
  public var isEmpty: Bool { head == buffer.count && lines == 0 }

  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    if head == buffer.count {
      buffer.removeAll(keepingCapacity: true)
      (head, scanned) = (0, 0)
    }
    buffer.append(contentsOf: bytes)
  }

  public mutating func append(_ bytes: some Sequence<UInt8>) {
    Array(bytes).withUnsafeBytes { append($0) }
  }

  /// The next complete reply, or `nil` when more bytes are needed.
  ///
  /// - Throws: ``SMTPReplyError`` as soon as the bytes cannot become a reply.
  public mutating func next() throws(SMTPReplyError) -> ServerReply? {
    while let line = try nextLine() {
      if let reply = try take(line) { return reply }
    }
    return nil
  }

  private mutating func nextLine() throws(SMTPReplyError) -> Range<Int>? {
    guard let end = buffer[scanned...].firstIndex(of: 0x0A) else {
      scanned = buffer.count
      // A CR at the end may belong to the end of the line.
      let content = scanned - head - (buffer.last == 0x0D ? 1 : 0)
      guard content <= Self.maximumLine else { throw .lineTooLong }
      return nil
    }
    let start = head
    head = end + 1
    scanned = head
    let stop = end > start && buffer[end - 1] == 0x0D ? end - 1 : end
    guard stop - start <= Self.maximumLine else { throw .lineTooLong }
    return start..<stop
  }

  private mutating func take(_ line: Range<Int>) throws(SMTPReplyError) -> ServerReply? {
    let lineCode = try replyCode(of: line)
    if lines > 0, lineCode != code { throw .mixedCodes(code, lineCode) }
    let more = line.count > 3 && buffer[line.lowerBound + 3] == 0x2D
    if lines == 0 {
      code = lineCode
      status = enhancedStatus(of: line)
    } else if text.count < Self.maximumText {
      text.append(0x0A)
    }
    lines += 1
    guard lines <= Self.maximumLines else { throw .replyTooLong }
    let start = min(line.lowerBound + 4, line.upperBound)
    text.append(contentsOf: buffer[start..<line.upperBound].prefix(max(0, Self.maximumText - text.count)))
    guard !more else { return nil }
    defer {
      text.removeAll(keepingCapacity: true)
      (lines, code, status) = (0, 0, nil)
    }
    return ServerReply(code: code, enhancedStatus: status, text: String(decoding: text, as: UTF8.self))
  }

  private func replyCode(of line: Range<Int>) throws(SMTPReplyError) -> Int {
    let bytes = buffer[line]
    let digits = bytes.prefix(3)
    guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }),
      bytes.count == 3 || bytes[bytes.startIndex + 3] == 0x20 || bytes[bytes.startIndex + 3] == 0x2D
    else { throw .malformed(String(decoding: bytes.prefix(80), as: UTF8.self)) }
    let code = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    guard (200...599).contains(code) else {
      throw .malformed(String(decoding: bytes.prefix(80), as: UTF8.self))
    }
    return code
  }

  /// The code at the start of the text (RFC 2034 §4), if it agrees with the class of the reply code.
  private func enhancedStatus(of line: Range<Int>) -> EnhancedStatus? {
    guard line.count > 8 else { return nil }
    let text = buffer[(line.lowerBound + 4)..<line.upperBound]
    guard text[text.startIndex + 1] == 0x2E else { return nil }
    let word = text.prefix(12).prefix { $0 != 0x20 }
    guard let status = EnhancedStatus(String(decoding: word, as: UTF8.self)), status.statusClass == code / 100 else {
      return nil
    }
    return status
  }
}
