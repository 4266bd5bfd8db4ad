/// One thing wrong in a file that people edit, with where it is and what was expected instead.
public struct ConfigurationIssue: Sendable, Hashable, CustomStringConvertible {
  public let file: String
  /// Counted from 1; 0 means the file as a whole.
  public let line: Int
  public let problem: String
  public let expected: String

  public init(file: String, line: Int, problem: String, expected: String) {
    self.file = file
    self.line = line
    self.problem = problem
    self.expected = expected
  }

  /// `keymaps.conf:12: unknown command 'quue.hold'; expected one of the commands that 'postroom keys' lists`.
  public var description: String {
    let place = line > 0 ? "\(file):\(line)" : file
    return expected.isEmpty ? "\(place): \(problem)" : "\(place): \(problem); expected \(expected)"
  }
}

/// Every issue of one file, in order of lines.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
  public let issues: [ConfigurationIssue]
  public var description: String { issues.map(\.description).joined(separator: "\n") }
}

extension StringProtocol {
  var trimmed: SubSequence {
    guard let first = firstIndex(where: { !$0.isWhitespace }) else { return self[endIndex...] }
    let last = lastIndex { !$0.isWhitespace } ?? first
    return self[first...last]
  }
}

/// A line of a configuration file that is not blank.
struct ConfigurationLine {
  let number: Int
  let text: String

  /// Splits at any line end, trims, numbers from 1 and leaves blank lines out.
  static func lines(of text: String) -> [ConfigurationLine] {
    text.split(omittingEmptySubsequences: false) { $0.isNewline }.enumerated().compactMap { index, line in
      let trimmed = line.trimmed
      return trimmed.isEmpty ? nil : ConfigurationLine(number: index + 1, text: String(trimmed))
    }
  }
}
