import Foundation

/// One line of JSON with sorted keys, for audit details and the send log.
enum JSONLine {
  static func object(_ fields: [String: String]) -> String { encode(fields) }

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
