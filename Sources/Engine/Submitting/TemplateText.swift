import Mustache

/// Mustache for plain text, and what is wrong with it in words.
enum TemplateText {
  /// Plain text, not HTML: nothing is escaped.
  ///
  /// - Parameter line: the line of the file on which `source` begins, from 1.
  /// - Throws: `ConfigurationError` with the line.
  static func compile(
    _ source: String, of path: String, line: Int, expected: String
  ) throws(ConfigurationError) -> MustacheTemplate {
    do { return try MustacheTemplate(string: "{{% CONTENT_TYPE: TEXT}}\n" + source) } catch {
      let place = (error as? MustacheTemplate.ParserError).map { line + max(0, $0.context.lineNumber - 2) }
      throw ConfigurationError(
        place: .init(file: path, line: place), problem: "is no Mustache template: \(words(error))", expected: expected)
    }
  }

  /// The values that a text cannot do without, in their order: one that a section asks for may be missing.
  static func names(in source: String) -> [String] {
    let tags = source.matches(of: /\{\{([{&#^]?)\s*([\w-]+)\s*\}\}/).map { (kind: $0.1, name: String($0.2)) }
    let asked = Set(tags.filter { $0.kind == "#" || $0.kind == "^" }.map(\.name))
    return tags.reduce(into: []) { names, tag in
      if !asked.contains(tag.name), !names.contains(tag.name) { names.append(tag.name) }
    }
  }

  private static func words(_ error: any Error) -> String {
    guard let error = error as? MustacheTemplate.ParserError else { return "\(error)" }
    return switch error.error as? MustacheTemplate.Error {
    case .sectionCloseNameIncorrect: "{{/…}} closes another section than the one that is open"
    case .unfinishedName: "a {{ without its }}"
    case .expectedSectionEnd: "a section {{#…}} is not closed"
    case nil: "it ends within a {{"  // the reader's own error: there is nothing more to read
    default: "\(error.error)"
    }
  }
}
