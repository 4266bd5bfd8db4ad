/// Cuts a stream into lines that end with CRLF or LF, within a bound.
struct LineSplitter {
  enum Line: Equatable {
    /// Without its end.
    case whole([UInt8])
    /// Longer than the limit; what it held is gone.
    case tooLong
  }

  let limit: Int
  private var partial: [UInt8] = []
  private var isSkipping = false

  init(limit: Int) { self.limit = limit }

  /// Takes one line from the front of `bytes`; keeps what is incomplete and returns `nil`.
  mutating func next(from bytes: inout ArraySlice<UInt8>) -> Line? {
    guard let end = bytes.firstIndex(of: 0x0A) else {
      keep(bytes)
      bytes = []
      return nil
    }
    keep(bytes[..<end])
    bytes = bytes[(end + 1)...]
    defer {
      partial = []
      isSkipping = false
    }
    if isSkipping { return .tooLong }
    if partial.last == 0x0D { partial.removeLast() }
    return .whole(partial)
  }

  private mutating func keep(_ bytes: ArraySlice<UInt8>) {
    guard !isSkipping, partial.count + bytes.count <= limit else {
      partial = []
      isSkipping = true
      return
    }
    partial += bytes
  }
}
