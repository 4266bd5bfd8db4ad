import Glibc

/// Bytes in some character set → UTF-8. Never fails: what cannot be decoded stays visible.
enum CharsetDecoder {
  /// The most bytes that one call decodes; the rest is left out.
  static let maximumInput = 4 << 20

  /// UTF-8 text of `bytes` written in the charset called `label`. An unknown charset, or one that does not fit, is read
  /// as UTF-8 when it is valid UTF-8 and else as Windows-1252, so that every byte stays visible.
  static func decode(_ bytes: Octets, label: String) -> [UInt8] {
    let input = bytes.prefix(maximumInput)
    guard let name = Charset.converterName(label) else { return guessed(input) }
    if name == Charset.utf8 { return guessed(input) }
    return converted(input, from: name) ?? guessed(input)
  }

  static func text(_ bytes: Octets, label: String) -> String { decode(bytes, label: label).utf8Text }

  /// ISO-2022-JP gives itself away by its escape sequences; the rest is UTF-8 if valid, else Windows-1252.
  private static func guessed(_ input: Octets) -> [UInt8] {
    if input.contains(0x1B), input.contains([0x1B, 0x24, 0x42]) || input.contains([0x1B, 0x24, 0x40]) {
      if let text = converted(input, from: "ISO-2022-JP-2") { return text }
    }
    if isUTF8(input) { return Array(input) }
    return converted(input, from: "CP1252") ?? latin1(input)
  }

  static func isUTF8(_ input: Octets) -> Bool {
    if input.allSatisfy({ $0 < 0x80 }) { return true }
    return String(validating: input, as: UTF8.self) != nil
  }

  private static func latin1(_ input: Octets) -> [UInt8] {
    Array(String(String.UnicodeScalarView(input.map { Unicode.Scalar($0) })).utf8)
  }

  /// Runs `iconv` over all of the input; an illegal sequence becomes U+FFFD and costs one byte.
  private static func converted(_ input: Octets, from name: String) -> [UInt8]? {
    guard let converter = iconv_open("UTF-8", name), Int(bitPattern: converter) != -1 else { return nil }
    defer { iconv_close(converter) }
    var source = Array(input)
    var result: [UInt8] = []
    result.reserveCapacity(source.count * 2)
    var chunk = [CChar](repeating: 0, count: 8192)
    source.withUnsafeMutableBytes { raw in
      var next = raw.bindMemory(to: CChar.self).baseAddress
      var left = raw.count
      while left > 0 {
        let before = left
        let (status, code, written) = step(converter, &next, &left, &chunk)
        result.append(contentsOf: chunk[..<written].lazy.map { UInt8(bitPattern: $0) })
        if status != -1 || (code == E2BIG && (written > 0 || left < before)) { continue }
        result.append(contentsOf: [0xEF, 0xBF, 0xBD])
        guard code == EILSEQ, left > 0 else { break }
        next = next?.advanced(by: 1)
        left -= 1
      }
    }
    return result
  }

  private static func step(
    _ converter: iconv_t, _ next: inout UnsafeMutablePointer<CChar>?, _ left: inout Int, _ chunk: inout [CChar]
  ) -> (status: Int, code: Int32, written: Int) {
    chunk.withUnsafeMutableBufferPointer { buffer in
      var out = buffer.baseAddress
      var room = buffer.count
      let status = iconv(converter, &next, &left, &out, &room)
      return (status, status == -1 ? errno : 0, buffer.count - room)
    }
  }
}
