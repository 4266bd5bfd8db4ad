import Foundation

/// JSON on one line, sorted keys, ASCII only: text from outside keeps its value and loses its power over a terminal.
enum JSONText {
  static func line(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(value), as: UTF8.self)
    guard text.utf8.contains(where: { $0 >= 0x7F }) else { return text }
    return text.utf16.reduce(into: "") { line, unit in
      if unit < 0x7F, let scalar = Unicode.Scalar(unit) {
        line.unicodeScalars.append(scalar)
      } else {
        let digits = String(unit, radix: 16)
        line += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
  }
}
