/// The glyphs that chrome is drawn with: box drawing and symbols, or their ASCII stand-ins.
///
/// Every glyph is one column wide in either set, so a layout does not change with the set.
public struct GlyphSet: Sendable, Hashable {
  /// False when only printable ASCII may reach the terminal.
  public let isUnicode: Bool
  public let horizontal: String
  public let vertical: String
  public let topLeft: String
  public let topRight: String
  public let bottomLeft: String
  public let bottomRight: String
  public let ellipsis: String
  public let ascending: String
  public let descending: String
  public let mark: String
  public let pointer: String
  public let bullet: String
  public let check: String
  public let cross: String
  public let warning: String
  public let scrollThumb: String
  public let scrollTrack: String
  /// Bars from lowest to highest, for sparklines.
  public let bars: [String]
  public let progressFull: String
  public let progressEmpty: String
  /// Between two facts on one line.
  public let separator: String
  /// Says that an emoji sequence or a pile of combining marks goes on.
  public let more: String

  public static let unicode = GlyphSet(
    isUnicode: true, horizontal: "─", vertical: "│", topLeft: "╭", topRight: "╮", bottomLeft: "╰", bottomRight: "╯",
    ellipsis: "…", ascending: "▲", descending: "▼", mark: "●", pointer: "▶", bullet: "•", check: "✔", cross: "✗",
    warning: "▲", scrollThumb: "┃", scrollTrack: "│", bars: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    progressFull: "█", progressEmpty: "░", separator: "·", more: "⁺")

  public static let ascii = GlyphSet(
    isUnicode: false, horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+",
    ellipsis: "~", ascending: "^", descending: "v", mark: "*", pointer: ">", bullet: "*", check: "x", cross: "X",
    warning: "!", scrollThumb: "#", scrollTrack: "|", bars: ["_", ".", "-", "=", "+", "*", "%", "#"],
    progressFull: "#", progressEmpty: ".", separator: "|", more: "+")
}
