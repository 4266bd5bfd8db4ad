/// How many colours a terminal shows.
public enum ColorDepth: Int, Sendable, Hashable, CaseIterable, Comparable {
  case mono, sixteen, palette256, rgb

  public static func < (left: ColorDepth, right: ColorDepth) -> Bool { left.rawValue < right.rawValue }
}

/// One colour on every kind of terminal: `#ff5555 | 203 | red`. Steps left out are derived from the finer one.
struct ColorLadder: Sendable, Hashable {
  var rgb: Color
  var palette: Color
  var basic: Color

  func color(at depth: ColorDepth) -> Color {
    switch depth {
    case .mono: return .none
    case .sixteen: return basic
    case .palette256: return palette
    case .rgb: return rgb
    }
  }

  static let basicNames = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "bright-black", "bright-red",
    "bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan", "bright-white",
  ]

  /// Reads a ladder. Returns nil when a step is none of `#rrggbb`, 0–255, a basic colour's name or `default`.
  init?(parsing text: String) {
    var rgb: Color?
    var palette: Color?
    var basic: Color?
    for step in text.split(separator: "|", omittingEmptySubsequences: false) {
      let step = step.trimmed
      if let color = ColorLadder.hexadecimal(step), rgb == nil {
        rgb = color
      } else if let index = UInt8(step), palette == nil {
        palette = .indexed(index)
      } else if let index = ColorLadder.basicNames.firstIndex(of: step.lowercased()), basic == nil {
        basic = .indexed(UInt8(index))
      } else if step == "default", basic == nil {
        basic = Color.none
      } else {
        return nil
      }
    }
    self.init(rgb, palette, basic)
  }

  init(rgb: Color, palette: Color, basic: Color) {
    self.rgb = rgb
    self.palette = palette
    self.basic = basic
  }

  private init?(_ rgb: Color?, _ palette: Color?, _ basic: Color?) {
    guard let finest = rgb ?? palette ?? basic else { return nil }
    let indexed = palette ?? (rgb.map { ColorApproximation.palette($0) } ?? finest)
    self.init(rgb: finest, palette: indexed, basic: basic ?? ColorApproximation.basic(rgb ?? indexed))
  }

  private static func hexadecimal(_ text: Substring) -> Color? {
    guard text.first == "#", text.utf8.count == 7, let value = UInt32(text.dropFirst(), radix: 16) else { return nil }
    return .rgb(UInt8(value >> 16), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF))
  }
}
