import Foundation

/// An object of JSON from outside: what is missing or of another type is simply not there.
struct JSONFields {
  private let values: [String: Any]

  /// Objects in one another that are read; a deeper text is no JSON of ours.
  static let maximumDepth = 32

  init() { values = [:] }

  private init(_ values: [String: Any]) { self.values = values }

  /// `nil` when the text is not one object.
  init?(parsing json: [UInt8]) {
    guard Self.depth(of: json) <= Self.maximumDepth,
      let values = try? JSONSerialization.jsonObject(with: Data(json)) as? [String: Any]
    else { return nil }
    self.values = values
  }

  func text(_ name: String) -> String? { values[name] as? String }
  func flag(_ name: String) -> Bool? { values[name] as? Bool }
  func object(_ name: String) -> JSONFields? { (values[name] as? [String: Any]).map(JSONFields.init) }
  func objects(_ name: String) -> [JSONFields] { list(name).compactMap { ($0 as? [String: Any]).map(JSONFields.init) } }
  func texts(_ name: String) -> [String] { list(name).compactMap { $0 as? String } }

  private func list(_ name: String) -> [Any] { values[name] as? [Any] ?? [] }

  /// How deeply brackets stand in one another, outside of strings.
  private static func depth(of json: [UInt8]) -> Int {
    var depth = 0
    var deepest = 0
    var isQuoted = false
    var isEscaped = false
    for byte in json {
      if isEscaped {
        isEscaped = false
      } else if isQuoted {
        if byte == 0x5C { isEscaped = true } else if byte == 0x22 { isQuoted = false }
      } else if byte == 0x22 {
        isQuoted = true
      } else if byte == 0x7B || byte == 0x5B {
        depth += 1
        deepest = max(deepest, depth)
      } else if byte == 0x7D || byte == 0x5D {
        depth -= 1
      }
    }
    return deepest
  }
}
