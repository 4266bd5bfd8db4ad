import Foundation
import MailModel

/// One line of JSON with sorted keys, for audit details and the send log.
enum JSONLine {
  static func object(_ fields: [String: String]) -> String {
    var object = Object()
    for (name, value) in fields.sorted(by: { $0.key < $1.key }) { object.add(name, value) }
    return String(decoding: object.ended(), as: UTF8.self)
  }

  /// An object written member by member, in the order in which they are added.
  struct Object {
    private var text: [UInt8] = [0x7B]

    /// Adds nothing for `nil`.
    mutating func add(_ name: String, _ value: String?) {
      guard let value else { return }
      begin(name)
      JSONLine.append(value, to: &text)
    }

    mutating func add(_ name: String, _ value: Int64?) {
      guard let value else { return }
      begin(name)
      text += value.description.utf8
    }

    private mutating func begin(_ name: String) {
      if text.count > 1 { text.append(0x2C) }
      JSONLine.append(name, to: &text)
      text.append(0x3A)
    }

    consuming func ended() -> [UInt8] {
      text.append(0x7D)
      return text
    }
  }

  /// A string as JSON has it (RFC 8259 §7): written by hand, because every report and every message leaves such a line.
  fileprivate static func append(_ value: String, to text: inout [UInt8]) {
    text.append(0x22)
    var value = value
    value.withUTF8 { bytes in
      if bytes.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) {
        for byte in bytes { escape(byte, into: &text) }
      } else {
        text += bytes
      }
    }
    text.append(0x22)
  }

  private static func escape(_ byte: UInt8, into text: inout [UInt8]) {
    switch byte {
    case 0x22, 0x5C: text += [0x5C, byte]
    case 0x0A: text += [0x5C, 0x6E]
    case 0x0D: text += [0x5C, 0x72]
    case 0x09: text += [0x5C, 0x74]
    case 0x08: text += [0x5C, 0x62]
    case 0x0C: text += [0x5C, 0x66]
    case ..<0x20: text += "\\u00\(Hexadecimal.text([byte]))".utf8
    default: text.append(byte)
    }
  }

  /// The fields of one object of strings; empty for anything else.
  static func strings(_ json: String) -> [String: String] {
    (try? JSONDecoder().decode([String: String].self, from: Data(json.utf8))) ?? [:]
  }

  /// - Returns: `{}` for a value that has no JSON form, which none of ours is.
  static func encode(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}
