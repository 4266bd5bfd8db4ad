import Foundation

/// A `.env` file: `KEY=value` lines with the line each came from.
///
/// Understood: comments, blank lines, an `export ` prefix, single quotes (literal), double quotes (`\n`, `\"`, `\\`, `\$`),
/// and a ` #` comment after an unquoted value. Nothing is expanded or executed.
public struct DotEnv: Sendable, Equatable {
  public struct Entry: Sendable, Equatable {
    public var key: String
    public var value: String
    public var line: Int
  }

  /// One entry a key. A key that stands twice has the value of its last line, as every reader of such files has it.
  public var entries: [Entry] = []
  /// Lines that a later line of the same key made idle: worth a warning.
  public var overridden: [Entry] = []

  /// - Parameters:
  ///   - text: the file's content.
  ///   - file: its name for errors.
  /// - Throws: `ConfigurationError` naming the line and what was expected. The value is never quoted in it.
  public init(parsing text: String, file: String) throws(ConfigurationError) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, raw) in lines.enumerated() {
      var line = raw.drop { $0 == " " || $0 == "\t" }
      if line.isEmpty || line.first == "#" { continue }
      let place = ConfigurationError.Place(file: file, line: index + 1)
      if line.hasPrefix("export ") { line = line.dropFirst(7).drop { $0 == " " } }
      guard let equals = line.firstIndex(of: "=") else {
        throw ConfigurationError(place: place, problem: "no '=' on this line", expected: "KEY=value")
      }
      let key = String(line[..<equals])
      if let last = key.last, last == " " || last == "\t" {
        throw ConfigurationError(place: place, problem: "a space before '='", expected: "KEY=value without one")
      }
      guard DotEnv.isKey(key) else {
        throw ConfigurationError(
          place: place, problem: "not a key before '='", expected: "capital letters, digits and '_'")
      }
      let value = try DotEnv.value(line[line.index(after: equals)...], place: place)
      if let earlier = entries.firstIndex(where: { $0.key == key }) { overridden.append(entries.remove(at: earlier)) }
      entries.append(Entry(key: key, value: value, line: index + 1))
    }
  }

  private static func isKey(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(48...57).contains(first) else { return false }
    return text.utf8.allSatisfy {
      (65...90).contains($0) || (97...122).contains($0) || (48...57).contains($0) || $0 == 95
    }
  }

  private static func value(
    _ text: Substring, place: ConfigurationError.Place
  ) throws(ConfigurationError) -> String {
    let text = text.drop { $0 == " " || $0 == "\t" }
    guard let quote = text.first, quote == "\"" || quote == "'" else {
      return unquoted(text)
    }
    var value = ""
    var index = text.index(after: text.startIndex)
    while index < text.endIndex, text[index] != quote {
      var character = text[index]
      if character == "\\", quote == "\"" {
        index = text.index(after: index)
        guard index < text.endIndex else { break }
        character = text[index] == "n" ? "\n" : text[index]
      }
      value.append(character)
      index = text.index(after: index)
    }
    guard index < text.endIndex else {
      throw ConfigurationError(place: place, problem: "the quoted value does not end", expected: "a closing \(quote)")
    }
    let rest = text[text.index(after: index)...].drop { $0 == " " || $0 == "\t" }
    guard rest.isEmpty || rest.first == "#" else {
      throw ConfigurationError(
        place: place, problem: "text after the closing quote", expected: "nothing or a # comment")
    }
    return value
  }

  private static func unquoted(_ text: Substring) -> String {
    var value = text
    if value.first == "#" { return "" }
    if let comment = value.range(of: " #") { value = value[..<comment.lowerBound] }
    while let last = value.last, last == " " || last == "\t" { value.removeLast() }
    return String(value)
  }
}
