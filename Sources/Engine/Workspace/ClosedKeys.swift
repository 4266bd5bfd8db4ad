/// Part of a file that people write, in which every key has a meaning. One that nobody reads is a mistake: a misspelt limit
/// would limit nothing.
protocol ClosedKeys: Decodable {
  associatedtype CodingKeys: CodingKey, CaseIterable
}

/// Decodes such a part, and throws `UnknownKey` for a key that it does not have.
struct Closed<Content: ClosedKeys>: Decodable {
  var content: Content

  init(from decoder: any Decoder) throws {
    let known = Content.CodingKeys.allCases.map(\.stringValue)
    for key in try decoder.container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath + [key], debugDescription: "",
          underlyingError: UnknownKey(name: key.stringValue, known: known)))
    }
    content = try Content(from: decoder)
  }
}

extension Closed: Sendable where Content: Sendable {}

struct UnknownKey: Error {
  var name: String
  var known: [String]

  /// Without its file and line.
  var words: String { "'\(name)' means nothing here; known are \(known.joined(separator: ", "))" }
}

private struct AnyKey: CodingKey {
  var stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
