/// A command with its arguments, as keys, the command line and scripts write it: `:pane queue`.
public struct CommandInvocation: Sendable, Hashable, CustomStringConvertible {
  public let name: String
  public let arguments: [String]

  public init(_ name: String, _ arguments: [String] = []) {
    self.name = name
    self.arguments = arguments
  }

  /// Why a command line cannot be read.
  public enum SyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
    case empty
    case unclosedQuote(Character)
    case badName(String)
    case tooLong

    public var description: String {
      switch self {
      case .empty: return "a command's name is missing"
      case .unclosedQuote(let quote): return "the quote \(quote) is not closed"
      case .badName(let name): return "'\(name)' is not a command's name (letters, digits, '.', '-')"
      case .tooLong: return "the command line is longer than \(CommandInvocation.maximumLength) characters"
      }
    }
  }

  /// Characters that a command line may have.
  public static let maximumLength = 4096

  /// Reads `:name argument "an argument with spaces" 'and \ literally'`; the colon may be left out. Inside double quotes
  /// and outside quotes a backslash takes the next character as it is.
  public init(parsing line: String) throws(SyntaxError) {
    guard line.utf8.count <= CommandInvocation.maximumLength else { throw .tooLong }
    var text = line.trimmed
    if text.first == ":" { text = text.dropFirst() }
    let words = try CommandInvocation.words(of: text)
    guard let name = words.first, !name.isEmpty else { throw .empty }
    guard name.unicodeScalars.allSatisfy(CommandInvocation.isNameScalar) else { throw .badName(name) }
    self.init(name, Array(words.dropFirst()))
  }

  private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", ".", "-", "_": return true
    default: return false
    }
  }

  private static func words(of text: Substring) throws(SyntaxError) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var isEscaped = false
    for character in text {
      if isEscaped {
        word = (word ?? "") + String(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if let open = quote {
        if character == open { quote = nil } else { word = (word ?? "") + String(character) }
      } else if character == "\"" || character == "'" {
        quote = character
        word = word ?? ""
      } else if character.isWhitespace {
        if let done = word { words.append(done) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    if let quote { throw .unclosedQuote(quote) }
    if let word { words.append(word) }
    return words
  }

  /// The line that reads back as the same command, without the colon.
  public var description: String {
    ([name] + arguments.map(CommandInvocation.quoted)).joined(separator: " ")
  }

  private static func quoted(_ argument: String) -> String {
    let needsQuotes = argument.isEmpty || argument.contains { $0.isWhitespace || "\"'\\#".contains($0) }
    guard needsQuotes else { return argument }
    var text = "\""
    for character in argument {
      if character == "\"" || character == "\\" { text.append("\\") }
      text.append(character)
    }
    return text + "\""
  }
}
