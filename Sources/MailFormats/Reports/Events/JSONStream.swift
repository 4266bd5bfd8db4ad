/// Cuts JSON lines, arrays of objects and objects written over several lines into single objects, with the line that
/// each begins on. Bytes from outside: an object that is too long is told and passed over.
public struct JSONStream {
  public enum Item: Sendable, Equatable {
    case object([UInt8], line: Int)
    /// Something that is no object: told with its line.
    case bad(String, line: Int)
  }

  /// Bytes of one object.
  public static let maximumObject = 1 << 20

  private var object: [UInt8] = []
  private var depth = 0
  private var isQuoted = false
  private var isEscaped = false
  private var line = 1
  private var start = 1
  private var isTooLong = false
  /// A line that began with something else is bad to its end.
  private var isInBadLine = false
  private var ready: [Item] = []

  public init() {}

  /// - Returns: what is complete now.
  public mutating func append(_ bytes: some Sequence<UInt8>) -> [Item] {
    for byte in bytes { take(byte) }
    defer { ready = [] }
    return ready
  }

  /// - Returns: what the end of the input leaves.
  public mutating func finish() -> [Item] {
    defer { self = JSONStream() }
    return depth > 0 ? [.bad("the object does not end", line: start)] : []
  }

  private mutating func take(_ byte: UInt8) {
    if byte == 0x0A { line += 1 }
    guard depth > 0 else { return takeOutside(byte) }
    // JSON has no raw line end in strings: an object cut off on its line must not swallow the next ones.
    if isQuoted, byte == 0x0A {
      ready.append(.bad("a string does not end on its line", line: start))
      reset()
      return
    }
    if object.count < Self.maximumObject { object.append(byte) } else { isTooLong = true }
    if isEscaped {
      isEscaped = false
    } else if isQuoted {
      if byte == 0x5C { isEscaped = true } else if byte == 0x22 { isQuoted = false }
    } else if byte == 0x22 {
      isQuoted = true
    } else if byte == 0x7B {
      depth += 1
    } else if byte == 0x7D {
      depth -= 1
      if depth == 0 { end() }
    }
  }

  private mutating func takeOutside(_ byte: UInt8) {
    if byte == 0x0A { isInBadLine = false }
    guard !isInBadLine else { return }
    switch byte {
    case 0x7B:
      (depth, start) = (1, line)
      object = [byte]
    // Space, and what stands between the objects of an array.
    case 0x20, 0x09, 0x0A, 0x0D, 0x2C, 0x5B, 0x5D: break
    default:
      isInBadLine = true
      ready.append(.bad("not a JSON object", line: line))
    }
  }

  private mutating func end() {
    ready.append(
      isTooLong
        ? .bad("an object of more than \(Self.maximumObject) bytes", line: start) : .object(object, line: start))
    reset()
  }

  private mutating func reset() {
    object = []
    (depth, isQuoted, isEscaped, isTooLong) = (0, false, false, false)
  }
}
