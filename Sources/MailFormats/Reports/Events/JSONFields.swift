import Foundation

/// An object of JSON from outside: what is missing or of another type is simply not there.
struct JSONFields {
  private var values: [String: Value]

  /// Just what is asked of events; numbers are not.
  private indirect enum Value: Decodable {
    case text(String)
    case flag(Bool)
    case object([String: Value])
    case list([Value])
    case other

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        self = .text(text)
      } else if let flag = try? container.decode(Bool.self) {
        self = .flag(flag)
      } else if let list = try? container.decode([Value].self) {
        self = .list(list)
      } else if let object = try? container.decode([String: Value].self) {
        self = .object(object)
      } else {
        self = .other
      }
    }
  }

  /// Objects in one another that are read; a deeper text is no JSON of ours.
  static let maximumDepth = 32

  init() { values = [:] }

  private init(_ values: [String: Value]) { self.values = values }

  /// `nil` when the text is not one object.
  init?(parsing json: [UInt8]) {
    guard Self.depth(of: json) <= Self.maximumDepth,
      let values = try? JSONDecoder().decode([String: Value].self, from: Data(json))
    else { return nil }
    self.values = values
  }

  func text(_ name: String) -> String? { if case .text(let text)? = values[name] { text } else { nil } }
  func flag(_ name: String) -> Bool? { if case .flag(let flag)? = values[name] { flag } else { nil } }
  func object(_ name: String) -> JSONFields? {
    if case .object(let object)? = values[name] { JSONFields(object) } else { nil }
  }

  func objects(_ name: String) -> [JSONFields] {
    guard case .list(let list)? = values[name] else { return [] }
    return list.compactMap { if case .object(let object) = $0 { JSONFields(object) } else { nil } }
  }

  func texts(_ name: String) -> [String] {
    guard case .list(let list)? = values[name] else { return [] }
    return list.compactMap { if case .text(let text) = $0 { text } else { nil } }
  }

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
