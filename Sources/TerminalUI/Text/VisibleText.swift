/// Text that may be drawn: every control, bidi, zero-width, private or unassigned character has become visible glyphs,
/// and its width in columns is known.
///
/// This is the one gate for text from outside (subjects, addresses, diagnostics, pasted text). There is no way around
/// it: widgets and frames take nothing else. Chrome passes through it as a literal.
public struct VisibleText: Sendable, Hashable {
  /// What one or two neighbouring columns show.
  public struct Piece: Sendable, Hashable {
    /// A base scalar with at most two combining marks.
    public let text: String
    /// 1 or 2 columns.
    public let width: Int
    /// True when the piece stands for something that must not be sent to a terminal.
    public let isMarker: Bool
  }

  public private(set) var pieces: [Piece]
  /// Columns that all pieces take together.
  public private(set) var width: Int
  /// True when the input was longer than the limit and an ellipsis stands for the rest.
  public private(set) var wasCut: Bool

  /// Columns that a value keeps at most, unless told otherwise.
  public static let defaultLimit = 4096

  /// - Parameters:
  ///   - raw: any text, of any length; what lies beyond `limit` columns is not even looked at.
  ///   - glyphs: `.ascii` writes everything outside printable ASCII as `<1B>` or `<U+202E>`.
  public init(_ raw: String, glyphs: GlyphSet = .unicode, limit: Int = defaultLimit) {
    var gate = TextGate(glyphs: glyphs, limit: limit)
    for scalar in raw.unicodeScalars where !gate.take(scalar) { break }
    self.init(gate.finished())
  }

  /// Bytes that claim to be UTF-8; each byte that is not becomes `⟨9C⟩`.
  public init(bytes: some Sequence<UInt8>, glyphs: GlyphSet = .unicode, limit: Int = defaultLimit) {
    var gate = TextGate(glyphs: glyphs, limit: limit)
    gate.takeBytes(Array(bytes.prefix(gate.scalarBudget)))
    self.init(gate.finished())
  }

  private init(_ result: (pieces: [Piece], width: Int, wasCut: Bool)) {
    pieces = result.pieces
    width = result.width
    wasCut = result.wasCut
  }

  init(pieces: [Piece], wasCut: Bool = false) {
    self.pieces = pieces
    self.width = pieces.reduce(0) { $0 + $1.width }
    self.wasCut = wasCut
  }

  public static let empty = VisibleText(pieces: [])
  public var isEmpty: Bool { pieces.isEmpty }

  /// What a person sees, safe to print.
  public var text: String { pieces.reduce(into: "") { $0 += $1.text } }

  public static func + (left: VisibleText, right: VisibleText) -> VisibleText {
    VisibleText(pieces: left.pieces + right.pieces, wasCut: left.wasCut || right.wasCut)
  }

  public static func += (left: inout VisibleText, right: VisibleText) {
    left.pieces += right.pieces
    left.width += right.width
    left.wasCut = left.wasCut || right.wasCut
  }
}

extension VisibleText: ExpressibleByStringInterpolation, CustomStringConvertible {
  public init(stringLiteral value: String) { self.init(value) }
  public var description: String { text }
}
