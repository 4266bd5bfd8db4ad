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
