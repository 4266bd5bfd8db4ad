/// Transparency of DATA (RFC 5321 §4.5.2).
public enum DotStuffing {
  /// `body` with every line that begins with a dot given a second one. Line ends must be CRLF, as
  /// ``CanonicalMessage/canonicalise(_:additions:)`` makes them. Without the final dot.
  public static func stuff(_ body: [UInt8]) -> [UInt8] {
    let dots = lineDots(body)
    guard !dots.isEmpty else { return body }
    var result: [UInt8] = []
    result.reserveCapacity(body.count + dots.count)
    var copied = 0
    for dot in dots {
      result += body[copied..<dot]
      result.append(Octet.dot)
      copied = dot
    }
    result += body[copied...]
    return result
  }

  /// The reverse, for a receiver: one dot is taken off every line that begins with one.
  public static func unstuff(_ data: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(data.count)
    var copied = 0
    for dot in lineDots(data) {
      result += data[copied..<dot]
      copied = dot + 1
    }
    result += data[copied...]
    return result
  }

  private static func lineDots(_ bytes: [UInt8]) -> [Int] {
    bytes.indices.filter { index in
      bytes[index] == Octet.dot
        && (index == 0 || (index >= 2 && bytes[index - 1] == Octet.lf && bytes[index - 2] == Octet.cr))
    }
  }
}
