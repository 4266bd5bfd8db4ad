/// A colour as the terminal will be told it, already brought down to its depth.
public enum Color: Sendable, Hashable {
  /// The terminal's own; in an overlay: keep what is there.
  case none
  /// 0–15 of the terminal's palette, or 16–255 of the 256-colour cube.
  case indexed(UInt8)
  case rgb(UInt8, UInt8, UInt8)
}

public struct TextAttributes: OptionSet, Sendable, Hashable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let bold = TextAttributes(rawValue: 1)
  public static let dim = TextAttributes(rawValue: 2)
  public static let underline = TextAttributes(rawValue: 4)
  public static let reverse = TextAttributes(rawValue: 8)
  public static let italic = TextAttributes(rawValue: 16)
}

/// How a cell looks.
public struct Style: Sendable, Hashable {
  public var foreground: Color
  public var background: Color
  public var attributes: TextAttributes

  public init(foreground: Color = .none, background: Color = .none, attributes: TextAttributes = []) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  public static let plain = Style()

  /// This style laid over another: what it leaves open shows through.
  public func over(_ base: Style) -> Style {
    Style(
      foreground: foreground == .none ? base.foreground : foreground,
      background: background == .none ? base.background : background,
      attributes: attributes.union(base.attributes))
  }
}
