/// Scrolls line by line where the terminal library scrolls several lines at once.
///
/// Not all that calls itself xterm knows `CSI n S` and `CSI n T`, and what was not scrolled stays wrong until everything is
/// drawn anew. The library says them only with the cursor on the last or first line of the scrolling region, where IND
/// and RI, which every terminal knows, do the same a line each (ECMA-48 §8.3.113, VT100 manual).
public enum LineScrolling {
  /// - Returns: the same output with n times `ESC D` for each `CSI n S`, and `ESC M` for `CSI n T`.
  public static func rewrite(_ output: [UInt8]) -> [UInt8] {
    output.replacingSequences { start in
      guard start + 1 < output.count, output[start + 1] == UInt8(ascii: "[") else { return nil }
      let digits = output[(start + 2)...].prefix(3).prefix { (0x30...0x39).contains($0) }
      guard let lines = Int(String(decoding: digits, as: UTF8.self)), digits.endIndex < output.count else { return nil }
      switch output[digits.endIndex] {
      case UInt8(ascii: "S"): return (digits.endIndex + 1, repeated("\u{1B}D", lines))
      case UInt8(ascii: "T"): return (digits.endIndex + 1, repeated("\u{1B}M", lines))
      default: return nil
      }
    }
  }

  private static func repeated(_ sequence: String, _ count: Int) -> [UInt8] {
    Array(String(repeating: sequence, count: count).utf8)
  }
}

extension [UInt8] {
  /// Replaces escape sequences of a terminal's output.
  ///
  /// - Parameter replacement: for the index of an ESC, where its sequence ends and what stands for it; `nil` keeps it.
  func replacingSequences(_ replacement: (Int) -> (end: Int, bytes: [UInt8])?) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(count + count / 4)
    var index = 0
    while index < count {
      if self[index] == 0x1B, let (end, bytes) = replacement(index) {
        result += bytes
        index = end
      } else {
        result.append(self[index])
        index += 1
      }
    }
    return result
  }
}
