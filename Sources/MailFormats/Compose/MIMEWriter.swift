/// Writes parts and multiparts; every line ends with CRLF.
enum MIMEWriter {
  static func line(_ text: String) -> [UInt8] { Array(text.utf8) + [Octet.cr, Octet.lf] }

  /// Header fields of a text part, the empty line, and its body. ASCII in short lines goes as 7bit; mostly ASCII as
  /// quoted-printable; the rest as base64.
  static func textPart(_ text: String, subtype: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    let highCount = bytes.reduce(0) { $0 + ($1 >= 0x80 ? 1 : 0) }
    let normal = LineEnds.normalised(bytes)
    let isShort = normal.split(separator: Octet.lf).allSatisfy { $0.count <= 78 && $0.last.map(Octet.isBlank) != true }
    let hasControls = normal.contains { $0 < 32 && $0 != Octet.lf && $0 != Octet.tab || $0 == 127 }
    var part = line("Content-Type: text/\(subtype); charset=\(highCount == 0 ? "us-ascii" : "utf-8")")
    if highCount == 0, isShort, !hasControls {
      return part + line("Content-Transfer-Encoding: 7bit") + line("") + crlfLines(normal)
    }
    if highCount * 4 <= bytes.count {
      part += line("Content-Transfer-Encoding: quoted-printable") + line("")
      return part + QuotedPrintable.encode(bytes)
    }
    return part + line("Content-Transfer-Encoding: base64") + line("") + Base64.encodeLines(crlfLines(normal))
  }

  /// Text with LF line ends → CRLF, the last line ended.
  static func crlfLines(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count + text.count / 32)
    for line in LineReader(text[...]) {
      result += line
      result += [Octet.cr, Octet.lf]
    }
    return result
  }

  /// The Content-Type field, the empty line and the delimited parts. Each part begins with its own header fields. The
  /// boundary is made from `seed` and is in none of the parts.
  static func multipart(_ subtype: String, parts: [[UInt8]], seed: String, parameters: String = "") -> [UInt8] {
    let boundary = self.boundary(seed: seed, avoiding: parts)
    var result = line("Content-Type: multipart/\(subtype);\(parameters)")
    result += line(" boundary=\"\(boundary)\"") + line("")
    for part in parts { result += line("--\(boundary)") + part }
    return result + line("--\(boundary)--")
  }

  private static func boundary(seed: String, avoiding parts: [[UInt8]]) -> String {
    let stem = seed.utf8.filter { Octet.isLetter($0) || Octet.isDigit($0) }.prefix(30).utf8Text
    for number in 0...10_000 {
      let boundary = "=_\(stem)_\(number)"
      let bytes = Array("--\(boundary)".utf8)
      if !parts.contains(where: { $0[...].contains(bytes) }) { return boundary }
    }
    return "=_\(stem)_\(parts.count)_last"
  }
}
