/// uuencoded bodies (`begin 644 name` … `end`), read tolerantly.
enum UUDecoder {
  /// The content of the first block; empty when there is none. At most `limit` bytes.
  static func decode(_ input: Octets, limit: Int) -> [UInt8] {
    var output: [UInt8] = []
    var isInside = false
    for line in LineReader(input) {
      if !isInside {
        isInside = line.starts(with: "begin ")
        continue
      }
      if line.trimmed.equals("end") { break }
      guard let first = line.first, first > 32, first <= 96 else { continue }
      appendLine(line, to: &output, limit: limit)
      if output.count >= limit { break }
    }
    return output
  }

  private static func appendLine(_ line: Octets, to output: inout [UInt8], limit: Int) {
    var expected = Int((line[line.startIndex] &- 32) & 63)
    var index = line.startIndex + 1
    while expected > 0, index < line.endIndex, output.count < limit {
      let group = (0..<4).map { offset -> UInt32 in
        index + offset < line.endIndex ? UInt32((line[index + offset] &- 32) & 63) : 0
      }
      let bits = group[0] << 18 | group[1] << 12 | group[2] << 6 | group[3]
      for shift in [UInt32(16), 8, 0] where expected > 0 && output.count < limit {
        output.append(UInt8(truncatingIfNeeded: bits >> shift))
        expected -= 1
      }
      index += 4
    }
  }
}
