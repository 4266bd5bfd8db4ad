/// The lines of a message as it was handed in, one after the other: CRLF, a bare CR and a bare LF each end one. Nothing is
/// kept of those that have been read: a message may be millions of empty lines.
struct CanonicalLines: Sequence, IteratorProtocol {
  private let bytes: [UInt8]
  /// Where the next line begins.
  private(set) var offset = 0
  /// Of the line that was read last; they count from 1.
  private(set) var number = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func next() -> ArraySlice<UInt8>? {
    guard offset < bytes.count else { return nil }
    let end = bytes[offset...].firstIndex { $0 == Octet.cr || $0 == Octet.lf } ?? bytes.count
    let line = bytes[offset..<end]
    let isPair = end + 1 < bytes.count && bytes[end] == Octet.cr && bytes[end + 1] == Octet.lf
    offset = Swift.min(end + (isPair ? 2 : 1), bytes.count)
    number += 1
    return line
  }

  /// The next line, which stays the next one.
  func peek() -> ArraySlice<UInt8>? {
    var copy = self
    return copy.next()
  }
}
