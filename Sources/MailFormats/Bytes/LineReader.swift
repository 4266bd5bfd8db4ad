/// Walks over the lines of a text whose line ends are line feeds. Yields each line without its end.
struct LineReader: Sequence, IteratorProtocol {
  private let text: Octets
  private(set) var position: Int

  init(_ text: Octets) {
    self.text = text
    position = text.startIndex
  }

  mutating func next() -> Octets? {
    guard position < text.endIndex else { return nil }
    let end = text.lineEnd(from: position)
    let line = text[position..<end]
    position = end < text.endIndex ? end + 1 : end
    return line
  }
}

/// Line ends of three kinds become one, so that everything after this step sees the same lines.
enum LineEnds {
  /// CRLF (also with more than one CR) and bare CR become LF; without any CR the bytes are returned as they are.
  static func normalised(_ bytes: [UInt8]) -> [UInt8] {
    bytes.contains(Octet.cr) ? withoutCR(bytes[...]) : bytes
  }

  /// The same for a part of a message; never more than one copy.
  static func normalised(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    bytes.contains(Octet.cr) ? withoutCR(bytes) : Array(bytes)
  }

  private static func withoutCR(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    bytes.withUnsafeBufferPointer { bytes in
      [UInt8](unsafeUninitializedCapacity: bytes.count) { result, count in
        guard let from = bytes.baseAddress, let to = result.baseAddress else { return }
        var index = 0
        while index < bytes.count {
          // Whole lines at a time: a carriage return is rare beside what stands between two.
          let run = bytes.position(of: Octet.cr, from: index) ?? bytes.count
          (to + count).update(from: from + index, count: run - index)
          count += run - index
          index = run
          while index < bytes.count, bytes[index] == Octet.cr { index += 1 }
          guard index > run else { break }
          let isLineEnd = index < bytes.count && bytes[index] == Octet.lf
          for _ in 0..<(isLineEnd ? 1 : index - run) {
            result[count] = Octet.lf
            count += 1
          }
          if isLineEnd { index += 1 }
        }
      }
    }
  }
}
