import MailFormats

/// Bytes into lines; what is longer than any line of Postfix is passed over.
struct LogLines {
  private var rest: [UInt8] = []
  private var isPassingOver = false
  private(set) var tooLong = 0

  mutating func append(_ bytes: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var start = bytes.startIndex
    while let end = bytes[start...].firstIndex(of: 0x0A) {
      rest += bytes[start..<end]
      if !isPassingOver, rest.count <= PostfixLogLine.longest { lines.append(rest) } else { tooLong += 1 }
      rest = []
      isPassingOver = false
      start = end + 1
    }
    if !isPassingOver { rest += bytes[start...] }
    if rest.count > PostfixLogLine.longest {
      isPassingOver = true
      rest = []
    }
    return lines
  }

  mutating func finish() -> [[UInt8]] {
    defer { rest = [] }
    if isPassingOver { tooLong += 1 }
    return rest.isEmpty || isPassingOver ? [] : [rest]
  }
}
