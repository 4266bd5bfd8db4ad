/// How every role looks on every kind of terminal: what `themes/NAME.conf` says.
public struct Theme: Sendable, Hashable {
  public let name: String
  var palette: [String: ColorLadder] = [:]
  var rules: [String: Rule] = [:]

  /// What a theme says about one role; nil leaves it to the roles it inherits from.
  struct Rule: Sendable, Hashable {
    var foreground: Paint?
    var background: Paint?
    var flags: [TextAttributes: Bool] = [:]
    /// The attributes on a terminal without colour, in place of `flags`.
    var mono: TextAttributes?
  }

  /// A colour of the palette by name, so that an inheriting theme may replace it, or a ladder written in place.
  enum Paint: Sendable, Hashable {
    case named(String)
    case ladder(ColorLadder)
  }

  /// The roles as styles for a terminal of this depth.
  public func styles(depth: ColorDepth) -> Styles { Styles(theme: self, depth: depth) }

  /// The roles that it gives a look to, without what stands for several.
  public var roles: Set<String> { Set(rules.keys.filter { !$0.hasPrefix("*") }) }

  /// Works without any file and on any terminal: bold, reverse, underline.
  public static let plain = Theme(
    name: "plain",
    rules: [
      "heading": Rule(flags: [.bold: true]), "title": Rule(flags: [.bold: true]),
      "header": Rule(flags: [.reverse: true]), "banner": Rule(flags: [.reverse: true, .bold: true]),
      "table.header": Rule(flags: [.bold: true, .underline: true]), "*.selected": Rule(flags: [.reverse: true]),
      "row.marked": Rule(flags: [.bold: true]), "footer.key": Rule(flags: [.bold: true]),
      "help.key": Rule(flags: [.bold: true]), "dialog.focused": Rule(flags: [.reverse: true]),
      "dialog.title": Rule(flags: [.bold: true]), "severity.critical": Rule(flags: [.bold: true]),
      "state.uncertain": Rule(flags: [.bold: true]), "input": Rule(flags: [.underline: true]),
      "match": Rule(flags: [.underline: true]),
    ])

  /// `a.b.c` asks `a.b.c`, `*.c`, `a.b`, `*.b`, `a`.
  static func chain(for name: String) -> [String] {
    var parts = name.split(separator: ".").map(String.init)
    var names: [String] = []
    while !parts.isEmpty {
      names.append(parts.joined(separator: "."))
      if parts.count > 1, let last = parts.last { names.append("*." + last) }
      parts.removeLast()
    }
    return names
  }
}

/// A theme brought down to one terminal.
public struct Styles: Sendable {
  public let theme: Theme
  public let depth: ColorDepth
  private let known: [StyleName: Style]

  init(theme: Theme, depth: ColorDepth) {
    self.theme = theme
    self.depth = depth
    let names = theme.rules.keys.filter { !$0.hasPrefix("*") }
    known = names.reduce(into: [:]) { known, name in
      known[StyleName(name)] = Styles.resolve(name, in: theme, depth: depth)
    }
  }

  public subscript(name: StyleName) -> Style {
    known[name] ?? Styles.resolve(name.rawValue, in: theme, depth: depth)
  }

  private static func resolve(_ name: String, in theme: Theme, depth: ColorDepth) -> Style {
    let rules = Theme.chain(for: name).compactMap { theme.rules[$0] }
    let attributes = resolveAttributes(rules, depth: depth)
    guard depth > .mono else { return Style(attributes: attributes) }
    func color(_ paint: Theme.Paint?) -> Color {
      switch paint {
      case .ladder(let ladder): return ladder.color(at: depth)
      case .named(let name): return theme.palette[name]?.color(at: depth) ?? .none
      case nil: return .none
      }
    }
    return Style(
      foreground: color(rules.lazy.compactMap(\.foreground).first),
      background: color(rules.lazy.compactMap(\.background).first), attributes: attributes)
  }

  private static func resolveAttributes(_ rules: [Theme.Rule], depth: ColorDepth) -> TextAttributes {
    if depth == .mono, let mono = rules.lazy.compactMap(\.mono).first { return mono }
    let all: [TextAttributes] = [.bold, .dim, .underline, .reverse, .italic]
    return all.reduce(into: []) { attributes, flag in
      if rules.lazy.compactMap({ $0.flags[flag] }).first == true { attributes.insert(flag) }
    }
  }
}
