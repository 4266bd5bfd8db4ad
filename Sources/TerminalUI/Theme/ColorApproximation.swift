/// Nearest colours on poorer terminals, measured in the palette that xterm documents.
enum ColorApproximation {
  private typealias Components = (red: Int, green: Int, blue: Int)

  private static let levels = [0, 95, 135, 175, 215, 255]

  private static let basicColors: [Components] = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
    (255, 255, 255),
  ]

  /// The nearest of 16–255; indices stay as they are.
  static func palette(_ color: Color) -> Color {
    guard case .rgb = color else { return color }
    let wanted = components(color)
    let nearest = (16...255).min { left, right in
      distance(paletteComponents(left), wanted) < distance(paletteComponents(right), wanted)
    }
    return nearest.map { .indexed(UInt8($0)) } ?? .none
  }

  /// The nearest of 0–15.
  static func basic(_ color: Color) -> Color {
    if case .indexed(let index) = color, index < 16 { return color }
    if color == .none { return .none }
    let wanted = components(color)
    let nearest = basicColors.indices.min { left, right in
      distance(basicColors[left], wanted) < distance(basicColors[right], wanted)
    }
    return nearest.map { .indexed(UInt8($0)) } ?? .none
  }

  private static func components(_ color: Color) -> Components {
    switch color {
    case .none: return (0, 0, 0)
    case .indexed(let index): return paletteComponents(Int(index))
    case .rgb(let red, let green, let blue): return (Int(red), Int(green), Int(blue))
    }
  }

  private static func paletteComponents(_ index: Int) -> Components {
    if index < 16 { return basicColors[max(0, index)] }
    if index >= 232 {
      let gray = 8 + (index - 232) * 10
      return (gray, gray, gray)
    }
    let cube = index - 16
    return (levels[cube / 36 % 6], levels[cube / 6 % 6], levels[cube % 6])
  }

  /// Weighted for the eye, which sees green best.
  private static func distance(_ left: Components, _ right: Components) -> Int {
    let red = left.red - right.red
    let green = left.green - right.green
    let blue = left.blue - right.blue
    return 3 * red * red + 6 * green * green + blue * blue
  }
}
