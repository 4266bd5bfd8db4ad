extension Keymap {
  /// Reads `keymaps.conf`:
  ///
  ///     [queue]
  ///     !clear-defaults
  ///     h        = :queue.hold     # hold
  ///     j Down   = :down
  ///     x        = none
  ///
  /// - Throws: ``ConfigurationError`` with every issue found.
  public init(parsing text: String, file: String = "keymaps.conf") throws(ConfigurationError) {
    var parser = KeymapParser(file: file)
    for line in ConfigurationLine.lines(of: text) { parser.take(line) }
    guard parser.issues.isEmpty else { throw ConfigurationError(issues: parser.issues) }
    self.init(sections: parser.sections, file: file)
  }
}

private struct KeymapParser {
  let file: String
  var sections: [Keymap.Section] = []
  var issues: [ConfigurationIssue] = []

  init(file: String) { self.file = file }

  mutating func take(_ line: ConfigurationLine) {
    if line.text.hasPrefix("#") { return }
    if line.text.hasPrefix("["), line.text.contains("]"), !line.text.contains("=") {
      takeSection(line)
    } else if line.text == "!clear-defaults" {
      takeClearDefaults(line)
    } else {
      takeBinding(line)
    }
  }

  private mutating func report(_ line: ConfigurationLine, _ problem: String, expected: String) {
    issues.append(ConfigurationIssue(file: file, line: line.number, problem: problem, expected: expected))
  }

  private mutating func takeSection(_ line: ConfigurationLine) {
    let name = String(line.text.dropFirst().prefix { $0 != "]" }.trimmed)
    let rest = line.text.drop { $0 != "]" }.dropFirst().trimmed
    guard rest.isEmpty || rest.hasPrefix("#"), !name.isEmpty, !name.contains(where: \.isWhitespace) else {
      return report(line, "'\(line.text)' is not a section", expected: "[*] or a pane's name such as [queue]")
    }
    if let earlier = sections.first(where: { $0.name == name }) {
      return report(line, "[\(name)] begins again", expected: "one section (the first is in line \(earlier.line))")
    }
    sections.append(Keymap.Section(name: name, line: line.number))
  }

  private mutating func takeClearDefaults(_ line: ConfigurationLine) {
    guard let last = sections.indices.last, sections[last].name != Keymap.defaultSection else {
      return report(line, "!clear-defaults has nothing to clear here", expected: "it inside a pane's section")
    }
    sections[last].clearsDefaults = true
  }

  private mutating func takeBinding(_ line: ConfigurationLine) {
    guard let last = sections.indices.last else {
      return report(line, "a binding before any section", expected: "a line such as [*] first")
    }
    guard let (left, right) = KeymapParser.split(line.text) else {
      return report(line, "'\(line.text)' has no '='", expected: "<key> = :command   # label")
    }
    var keys: [Key] = []
    for word in left.split(whereSeparator: \.isWhitespace) {
      do throws(KeyNotationError) {
        keys.append(try Key(notation: String(word)))
      } catch {
        return report(line, error.description, expected: "a key such as g, C-d, Space, <Enter>, F1")
      }
    }
    guard !keys.isEmpty else { return report(line, "a key is missing", expected: "<key> = :command   # label") }
    let (value, label) = KeymapParser.splitLabel(right)
    if value == "none" {
      sections[last].unbound += keys
      return
    }
    guard value.hasPrefix(":") else {
      return report(line, "'\(value)' is not a command", expected: ":command, or none to unbind")
    }
    do throws(CommandInvocation.SyntaxError) {
      let command = try CommandInvocation(parsing: value)
      let binding = Keymap.Binding(keys: keys, command: command, label: label, line: line.number)
      sections[last].bindings.append(binding)
    } catch {
      report(line, error.description, expected: ":command argument \"quoted argument\"")
    }
  }

  /// At the first `=` that stands after a blank or a key: `= = :x` binds the key `=`.
  private static func split(_ text: String) -> (Substring, String)? {
    var index = text.index(after: text.startIndex)
    while index < text.endIndex {
      let before = text[text.index(before: index)]
      let isBracketed = before == "<" && text[index...].dropFirst().first == ">"
      let isModified = before == "-" && text[index...].dropFirst().first?.isWhitespace == true
      if text[index] == "=", !isBracketed, !isModified {
        return (text[..<index], String(text[text.index(after: index)...].trimmed))
      }
      index = text.index(after: index)
    }
    return nil
  }

  /// A label begins at a `#` after a blank, outside quotes.
  private static func splitLabel(_ text: String) -> (String, String) {
    var quote: Character?
    var previous: Character = " "
    for index in text.indices {
      let character = text[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if character == "#", previous.isWhitespace {
        return (String(text[..<index].trimmed), String(text[index...].dropFirst().trimmed))
      }
      previous = character
    }
    return (text, "")
  }
}
