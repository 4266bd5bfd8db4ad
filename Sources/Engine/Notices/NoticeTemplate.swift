import Foundation
import Mustache

/// A notice's words: a `Subject` line, a blank line, the text; Mustache in both.
struct NoticeTemplate: Sendable {
  private let subject: MustacheTemplate
  private let text: MustacheTemplate

  /// - Throws: `ConfigurationError` with the file.
  init(path: String) throws {
    let source = try WholeFile.text(path, expected: "a notice template in UTF-8")
    let parts = source.replacing("\r\n", with: "\n").split(
      separator: "\n\n", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].hasPrefix("Subject:"), !parts[0].contains("\n") else {
      throw ConfigurationError(
        place: .init(file: path, line: 1), problem: "does not begin with 'Subject:' and a blank line",
        expected: "Subject: words, a blank line, the text")
    }
    let expected = "{{account}}, {{date}} …"
    subject = try TemplateText.compile(
      parts[0].dropFirst("Subject:".count).trimmingCharacters(in: .whitespaces), of: path, line: 1, expected: expected)
    text = try TemplateText.compile(String(parts[1]), of: path, line: 3, expected: expected)
  }

  func render(_ values: [String: String]) -> (subject: String, text: String) {
    // A value with line ends must not make header lines; the composer refuses them, a space is kinder.
    let line = subject.render(values).split(whereSeparator: \.isNewline).joined(separator: " ")
    return (line, text.render(values))
  }
}
