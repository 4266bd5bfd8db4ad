import Foundation

/// Reads secrets: from a terminal without showing them, else from standard input. Bounded, never from arguments.
enum HiddenInput {
  /// More than any list of inboxes has.
  private static let maximumLength = 4 << 20

  /// Why nothing was read.
  enum Problem: Error, CustomStringConvertible {
    case tooLong, notText, interrupted

    var description: String {
      switch self {
      case .tooLong: "standard input has more than \(HiddenInput.maximumLength) bytes"
      case .notText: "standard input is not UTF-8 text"
      case .interrupted: "interrupted; nothing was done"
      }
    }
  }

  /// Whether somebody types.
  static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

  /// Lines with their numbers, blank ones and those that begin with `#` left out. A person ends with an empty line.
  static func lines(prompt: String) throws -> [(number: Int, text: String)] {
    var lines: [String] = []
    if isTerminal {
      while let line = try hidden(prompt), !line.isEmpty { lines.append(line) }
    } else {
      lines = try everything()
    }
    return lines.enumerated().map { ($0.offset + 1, $0.element) }
      .filter { line in !line.1.allSatisfy(\.isWhitespace) && line.1.first != "#" }
  }

  /// One secret: what is typed without showing it, or the first line of standard input.
  static func secret(prompt: String) throws -> String? {
    if isTerminal { return try hidden(prompt) }
    return try everything().first
  }

  /// As getpass(3): neither shown nor interrupted half way, so that the terminal is always put right again.
  private static func hidden(_ prompt: String) throws -> String? {
    var before = termios()
    guard tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
    var quiet = before
    quiet.c_lflag &= ~tcflag_t(ECHO | ISIG)
    guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0 else { return nil }
    defer {
      tcsetattr(STDIN_FILENO, TCSANOW, &before)
      Output.progress("\n")
    }
    Output.progress(prompt)
    guard let line = readLine() else { return nil }
    // With ISIG off an interrupt arrives as the byte itself.
    if line.contains("\u{3}") { throw Problem.interrupted }
    return line
  }

  /// Standard input as lines, with either line end. Cut as bytes: CR LF is one character to Swift.
  private static func everything() throws -> [String] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = chunk.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += chunk[..<count]
      guard bytes.count <= maximumLength else { throw Problem.tooLong }
    }
    return try bytes.split(separator: 10, omittingEmptySubsequences: false).map { line in
      guard let text = String(validating: line.last == 13 ? line.dropLast() : line, as: UTF8.self) else {
        throw Problem.notText
      }
      return text
    }
  }
}
