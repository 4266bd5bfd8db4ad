/// Cuts JSON lines, arrays of objects and objects written over several lines into single objects, with the line that
/// each begins on. Bytes from outside: an object that is broken is told, and reading goes on with the line after its
/// first one, so that it takes no other event with it.
public struct JSONStream {
  public enum Item: Sendable, Equatable {
    case object([UInt8], line: Int)
    /// Something that is no object: told with its line.
    case bad(String, line: Int)
  }

  /// Bytes of one object.
  public static let maximumObject = 1 << 20
  /// Objects and arrays within one another; an event has some six. It also bounds how often a byte is read again.
  public static let maximumDepth = 64

  private var object: [UInt8] = []
  /// What has begun and not ended, as the bytes that began it.
  private var open: [UInt8] = []
  /// The last byte of the object outside strings that is no white space.
  private var last: UInt8 = 0
  private var isQuoted = false
  private var isEscaped = false
  private var line = 1
  private var start = 1
  /// A line that began with something else is bad to its end.
  private var isInBadLine = false
  /// What is read again belongs to an object that was told already.
  private var isReadAgain = false
  private var ready: [Item] = []

  public init() {}

  /// - Returns: what is complete now.
  public mutating func append(_ bytes: [UInt8]) -> [Item] {
    for byte in bytes { take(byte) }
    defer { ready = [] }
    return ready
  }

  /// - Returns: what the end of the input leaves.
  public mutating func finish() -> [Item] {
    while !open.isEmpty { fail("the object does not end") }
    defer { self = JSONStream() }
    return ready
  }

  private mutating func take(_ byte: UInt8) {
    if byte == 0x0A { line += 1 }
    guard !open.isEmpty else { return takeOutside(byte) }
    object.append(byte)
    if object.count > Self.maximumObject {
      fail("an object of more than \(Self.maximumObject) bytes")
    } else if isEscaped {
      isEscaped = false
    } else if isQuoted {
      takeQuoted(byte)
    } else {
      takeUnquoted(byte)
    }
  }

  private mutating func takeQuoted(_ byte: UInt8) {
    switch byte {
    case 0x5C: isEscaped = true
    case 0x22: isQuoted = false
    // JSON has no raw line end in strings.
    case 0x0A: fail("a string does not end on its line")
    default: break
    }
  }

  private mutating func takeUnquoted(_ byte: UInt8) {
    switch byte {
    case 0x20, 0x09, 0x0A, 0x0D: return
    case 0x22: isQuoted = true
    case 0x7B, 0x5B:
      // A value stands after a colon or in a list; another line's object does not.
      let isValue = last == 0x3A || (open.last == 0x5B && (last == 0x5B || last == 0x2C))
      guard isValue, open.count < Self.maximumDepth else {
        return fail(isValue ? "objects within objects, more than \(Self.maximumDepth)" : "the object does not end")
      }
      open.append(byte)
    case 0x7D, 0x5D:
      // `{` and `}`, `[` and `]` are two apart.
      guard open.last == byte - 2 else { return fail("brackets that do not fit") }
      open.removeLast()
      if open.isEmpty { return end() }
    default: break
    }
    last = byte
  }

  private mutating func takeOutside(_ byte: UInt8) {
    if byte == 0x0A { isInBadLine = false }
    guard !isInBadLine else { return }
    switch byte {
    case 0x7B:
      (open, object, last, start) = ([byte], [byte], byte, line)
    // Space, what stands between the objects of an array, and the mark that some editors put before a file's text.
    case 0x20, 0x09, 0x0A, 0x0D, 0x2C, 0x5B, 0x5D, 0xEF, 0xBB, 0xBF: break
    default:
      isInBadLine = true
      if !isReadAgain { ready.append(.bad("not a JSON object", line: line)) }
    }
  }

  private mutating func end() {
    ready.append(.object(object, line: start))
    reset()
  }

  /// Tells what is wrong with the object, and reads what came after its first line again.
  private mutating func fail(_ problem: String) {
    ready.append(.bad(problem, line: start))
    let (bytes, first, wasReadAgain) = (object, start, isReadAgain)
    reset()
    guard let lineEnd = bytes.firstIndex(of: 0x0A) else {
      isInBadLine = true
      return
    }
    (line, isReadAgain) = (first + 1, true)
    for byte in bytes[(lineEnd + 1)...] { take(byte) }
    isReadAgain = wasReadAgain
  }

  private mutating func reset() {
    (object, open, last, isQuoted, isEscaped) = ([], [], 0, false, false)
  }
}
