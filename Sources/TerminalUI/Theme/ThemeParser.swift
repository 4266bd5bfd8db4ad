extension Theme {
  /// Themes that may stand behind one another.
  static let maximumInheritance = 8

  /// Reads `themes/NAME.conf`:
  ///
  ///     inherit = dark
  ///     [palette]
  ///     bad = #ff5555 | 203 | red
  ///     [style]
  ///     state.failed.fg = bad
  ///     *.selected.mono = reverse
  ///
  /// - Parameters:
  ///   - roles: those that the program draws; a style of any other would change nothing. Empty: every role will do.
  ///   - load: the text of another theme by name, nil when there is none; called for `inherit`.
  /// - Throws: ``ConfigurationError`` with every issue found.
  public init(
    parsing text: String, name: String, file: String? = nil, roles: Set<String> = [],
    load: (String) -> String? = { _ in nil }
  ) throws(ConfigurationError) {
    let known = roles.isEmpty ? nil : ThemeRoles(roles)
    try self.init(text, name: name, file: file ?? "themes/\(name).conf", ancestors: [], roles: known, load: load)
  }

  private init(
    _ text: String, name: String, file: String, ancestors: [String], roles: ThemeRoles?, load: (String) -> String?
  ) throws(ConfigurationError) {
    var parser = ThemeParser(file: file, roles: roles)
    let lines = ConfigurationLine.lines(of: text)
    for line in lines { parser.take(line) }
    var theme = Theme(name: name)
    if let (base, line) = parser.inherit {
      let seen = ancestors + [name]
      if seen.contains(base) || seen.count > Theme.maximumInheritance {
        parser.report(line, "themes inherit in a circle: \((seen + [base]).joined(separator: " → "))", expected: "")
      } else if let baseText = load(base) {
        let parent = try Theme(
          baseText, name: base, file: "themes/\(base).conf", ancestors: seen, roles: roles, load: load)
        theme.palette = parent.palette
        theme.rules = parent.rules
        parser.checkColors(against: Set(parent.palette.keys))
      } else {
        parser.report(line, "there is no theme '\(base)'", expected: "a file themes/\(base).conf")
      }
    }
    theme.palette.merge(parser.palette) { _, new in new }
    for (name, rule) in parser.rules { theme.rules[name] = rule.over(theme.rules[name] ?? Rule()) }
    for (color, line) in parser.mentioned where theme.palette[color] == nil {
      let near = Spelling.nearest(to: color, in: theme.palette.keys).map { "'\($0)'" }
      parser.report(
        line, "'\(color)' is not in [palette]", expected: near ?? "a name of [palette] or #rrggbb | 0–255 | red")
    }
    guard parser.issues.isEmpty else {
      throw ConfigurationError(issues: parser.issues.sorted { $0.line < $1.line })
    }
    self = theme
  }
}

extension Theme.Rule {
  /// This rule where it says something, the older one where it does not.
  func over(_ older: Theme.Rule) -> Theme.Rule {
    Theme.Rule(
      foreground: foreground ?? older.foreground, background: background ?? older.background,
      flags: older.flags.merging(flags) { _, new in new }, mono: mono ?? older.mono)
  }
}

private struct ThemeParser {
  private enum Section { case top, palette, style }

  let file: String
  let roles: ThemeRoles?
  var inherit: (name: String, line: Int)?
  var palette: [String: ColorLadder] = [:]
  var rules: [String: Theme.Rule] = [:]
  /// Palette names that styles use, with the line of the first use.
  var mentioned: [String: Int] = [:]
  var issues: [ConfigurationIssue] = []
  /// Colours that `[palette]` gives, with their lines.
  private var colorLines: [String: Int] = [:]
  private var section = Section.top

  private static let attributes: [String: TextAttributes] = [
    "bold": .bold, "dim": .dim, "underline": .underline, "reverse": .reverse, "italic": .italic,
  ]

  init(file: String, roles: ThemeRoles?) { (self.file, self.roles) = (file, roles) }

  mutating func report(_ line: Int, _ problem: String, expected: String) {
    issues.append(ConfigurationIssue(file: file, line: line, problem: problem, expected: expected))
  }

  mutating func take(_ line: ConfigurationLine) {
    if line.text.hasPrefix("#") { return }
    switch line.text {
    case "[palette]": section = .palette
    case "[style]": section = .style
    case let text where text.hasPrefix("["):
      report(line.number, "'\(text)' is not a section", expected: "[palette] or [style]")
    default: takeSetting(line)
    }
  }

  private mutating func takeSetting(_ line: ConfigurationLine) {
    guard let equals = line.text.firstIndex(of: "=") else {
      return report(line.number, "'\(line.text)' has no '='", expected: "name = value")
    }
    let key = String(line.text[..<equals].trimmed)
    let value = ThemeParser.withoutComment(line.text[equals...].dropFirst())
    guard !key.isEmpty, !value.isEmpty else {
      return report(line.number, "'\(line.text)' is not complete", expected: "name = value")
    }
    switch section {
    case .top where key == "inherit": inherit = (value, line.number)
    case .top: report(line.number, "'\(key)' before any section", expected: "inherit, [palette] or [style]")
    case .palette: takeColor(key, value, line.number)
    case .style: takeStyle(key, value, line.number)
    }
  }

  /// A comment begins at `# ` after a blank; `#ff5555` does not.
  private static func withoutComment(_ text: Substring) -> String {
    var previous: Character = " "
    for index in text.indices {
      let next = text.index(after: index)
      let isComment = text[index] == "#" && previous.isWhitespace && (next == text.endIndex || text[next].isWhitespace)
      if isComment { return String(text[..<index].trimmed) }
      previous = text[index]
    }
    return String(text.trimmed)
  }

  private mutating func takeColor(_ name: String, _ value: String, _ line: Int) {
    guard let ladder = ColorLadder(parsing: value) else {
      return report(line, "'\(value)' is not a colour", expected: "#rrggbb | 0–255 | a name such as red or default")
    }
    palette[name] = ladder
    colorLines[name] = line
  }

  /// A colour that no style asks for is for later, unless the theme behind has one of nearly that name.
  mutating func checkColors(against inherited: Set<String>) {
    for (name, line) in colorLines where !inherited.contains(name) && mentioned[name] == nil {
      guard let near = Spelling.nearest(to: name, in: inherited) else { continue }
      report(line, "no style uses the colour '\(name)'", expected: "'\(near)'")
    }
  }

  private mutating func takeStyle(_ key: String, _ value: String, _ line: Int) {
    guard let dot = key.lastIndex(of: "."), dot != key.startIndex else {
      return report(line, "'\(key)' names no property", expected: "a role and .fg .bg .bold .dim .underline .mono …")
    }
    let role = String(key[..<dot])
    let property = String(key[dot...].dropFirst())
    if let roles, !roles.contains(role) {
      report(line, "'\(role)' is no role", expected: roles.nearest(to: role) ?? "a role of themes/dark.conf")
    }
    var rule = rules[role] ?? Theme.Rule()
    switch property {
    case "fg": rule.foreground = paint(value, line)
    case "bg": rule.background = paint(value, line)
    case "mono": rule.mono = mono(value, line)
    default:
      guard let flag = ThemeParser.attributes[property] else {
        return report(
          line, "'\(property)' is not a property", expected: "fg, bg, bold, dim, underline, reverse, italic or mono")
      }
      guard value == "true" || value == "false" else {
        return report(line, "'\(value)' is neither true nor false", expected: "true or false")
      }
      rule.flags[flag] = value == "true"
    }
    rules[role] = rule
  }

  private mutating func paint(_ value: String, _ line: Int) -> Theme.Paint? {
    if palette[value] == nil, let ladder = ColorLadder(parsing: value) { return .ladder(ladder) }
    if value.contains(where: { "|# ".contains($0) }) || value.first?.isNumber == true {
      report(line, "'\(value)' is not a colour", expected: "a name of [palette] or #rrggbb | 0–255 | red")
      return nil
    }
    if mentioned[value] == nil { mentioned[value] = line }
    return .named(value)
  }

  private mutating func mono(_ value: String, _ line: Int) -> TextAttributes? {
    if value == "none" { return [] }
    var result: TextAttributes = []
    for word in value.split(separator: " ") {
      guard let flag = ThemeParser.attributes[String(word)] else {
        report(line, "'\(word)' is not an attribute", expected: "bold, dim, underline, reverse, italic or none")
        return nil
      }
      result.insert(flag)
    }
    return result
  }
}
