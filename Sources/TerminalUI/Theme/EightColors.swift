extension Style {
  /// The same look where a terminal has eight colours: a bright one is the plain one in bold.
  ///
  /// But not grey, which is a bright black: bold black is black on many of them. It becomes dim text, in the colour that
  /// stands out from what lies behind it. Nor do dark colours stay on blue, where nobody can read them.
  public var onEightColors: Style {
    var style = self
    style.background = background.plain
    if foreground == .grey {
      style.foreground =
        switch style.background {
        case .none: .none
        case .white: .black
        default: .white
        }
      style.attributes.insert(.dim)
    } else if foreground != foreground.plain {
      style.foreground = foreground.plain
      style.attributes.insert(.bold)
    }
    if style.background == .blue, Color.dark.contains(style.foreground) { style.foreground = .white }
    return style
  }
}

extension Color {
  fileprivate static let black = Color.indexed(0)
  fileprivate static let blue = Color.indexed(4)
  fileprivate static let white = Color.indexed(7)
  fileprivate static let grey = Color.indexed(8)
  /// Black, red, blue, magenta.
  fileprivate static let dark: Set<Color> = [black, .indexed(1), blue, .indexed(5)]

  /// Bright colours are 8 to 15, their plain ones 0 to 7.
  fileprivate var plain: Color {
    guard case .indexed(let index) = self, (8..<16).contains(index) else { return self }
    return .indexed(index - 8)
  }
}
