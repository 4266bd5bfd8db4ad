/// Turns scalars into pieces, one at a time, and stops at a bound.
struct TextGate {
  typealias Piece = VisibleText.Piece

  /// Marks kept on one base: two cover every living orthography that terminals draw.
  static let maximumMarks = 2
  /// Scalars that one emoji sequence may swallow before the rest is shown as markers.
  static let maximumSequence = 16

  let glyphs: GlyphSet
  let limit: Int
  private var pieces: [Piece] = []
  private var width = 0
  private var wasCut = false
  private var scalarsTaken = 0
  /// What the last scalar allows the next one to be.
  private var context = Context.start

  private enum Context: Equatable {
    /// Nothing to combine with.
    case start
    case base(marks: Int)
    /// After something that may open an emoji sequence. `swallowed` counts the scalars behind the first.
    case emoji(swallowed: Int, joined: Bool, keycap: Bool)
  }

  init(glyphs: GlyphSet, limit: Int) {
    self.glyphs = glyphs
    self.limit = max(1, min(limit, 1_000_000))
  }

  /// Scalars looked at in the worst case, so that a flood of marks costs no more than a long line.
  var scalarBudget: Int { limit * 4 + 64 }

  /// Takes the next scalar. Returns false when nothing more fits.
  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    scalarsTaken += 1
    if scalarsTaken > scalarBudget { return cut() }
    if width > limit { return cut() }
    if glyphs.isUnicode { takeUnicode(scalar) } else { takeASCII(scalar) }
    return true
  }

  mutating func finished() -> (pieces: [Piece], width: Int, wasCut: Bool) {
    if width > limit { _ = cut() }
    guard wasCut else { return (pieces, width, false) }
    while width > limit - 1, let last = pieces.popLast() { width -= last.width }
    append(glyphs.ellipsis, width: 1, isMarker: true)
    return (pieces, width, true)
  }

  private mutating func cut() -> Bool {
    wasCut = true
    return false
  }

  private mutating func append(_ text: String, width columns: Int, isMarker: Bool) {
    pieces.append(Piece(text: text, width: columns, isMarker: isMarker))
    width += columns
  }

  private mutating func takeASCII(_ scalar: Unicode.Scalar) {
    if (0x20..<0x7F).contains(scalar.value) {
      append(String(scalar), width: 1, isMarker: false)
    } else {
      appendMarker(for: scalar)
    }
  }

  private mutating func takeUnicode(_ scalar: Unicode.Scalar) {
    if swallowIntoSequence(scalar) { return }
    switch ScalarKind(scalar) {
    case .printable(let columns):
      append(String(scalar), width: columns, isMarker: false)
      context = TextGate.context(after: scalar)
    case .combining:
      combine(scalar)
    case .regionalIndicator:
      let letter = UInt8(truncatingIfNeeded: scalar.value &- 0x1F1E6 &+ 0x41)
      append(String(Unicode.Scalar(letter)), width: 1, isMarker: true)
      context = .start
    case .marker:
      appendMarker(for: scalar)
      context = .start
    }
  }

  private static func context(after scalar: Unicode.Scalar) -> Context {
    if scalar.value < 0x80 {
      let opensKeycap = scalar.properties.isEmoji
      return opensKeycap ? .emoji(swallowed: 0, joined: false, keycap: true) : .base(marks: 0)
    }
    return scalar.properties.isEmoji ? .emoji(swallowed: 0, joined: false, keycap: false) : .base(marks: 0)
  }

  /// Terminals disagree on the width of emoji sequences, so only the first emoji is drawn, followed by one sign.
  private mutating func swallowIntoSequence(_ scalar: Unicode.Scalar) -> Bool {
    guard case .emoji(let swallowed, let joined, let keycap) = context, swallowed < TextGate.maximumSequence else {
      return false
    }
    let value = scalar.value
    let isSelector = value == 0xFE0F || value == 0xFE0E || value == 0x20E3
    let isJoiner = value == 0x200D && !keycap
    let isSkinTone = (0x1F3FB...0x1F3FF).contains(value) && !keycap
    let isJoinedEmoji = joined && value > 0x7F && scalar.properties.isEmoji
    guard isSelector || isJoiner || isSkinTone || isJoinedEmoji else { return false }
    if swallowed == 0 { append(glyphs.more, width: 1, isMarker: true) }
    context = .emoji(swallowed: swallowed + 1, joined: isJoiner, keycap: keycap)
    return true
  }

  private mutating func combine(_ scalar: Unicode.Scalar) {
    var marks = 0
    switch context {
    case .start:
      // A mark without a base would be drawn over somebody else's column.
      append("\u{25CC}", width: 1, isMarker: true)
    case .base(let count): marks = count
    case .emoji: marks = 0
    }
    guard marks < TextGate.maximumMarks, let last = pieces.last else {
      if marks == TextGate.maximumMarks { append(glyphs.more, width: 1, isMarker: true) }
      context = .base(marks: TextGate.maximumMarks + 1)
      return
    }
    pieces[pieces.count - 1] = Piece(text: last.text + String(scalar), width: last.width, isMarker: last.isMarker)
    context = .base(marks: marks + 1)
  }

  private mutating func appendMarker(for scalar: Unicode.Scalar) {
    for character in TextGate.marker(for: scalar, glyphs: glyphs).unicodeScalars {
      append(String(character), width: 1, isMarker: true)
    }
  }

  /// `␛` for C0 and DEL, `⟨U+202E⟩` for the rest; `<1B>` and `<U+202E>` in ASCII.
  private static func marker(for scalar: Unicode.Scalar, glyphs: GlyphSet) -> String {
    let value = scalar.value
    if value < 0x20 || value == 0x7F {
      guard glyphs.isUnicode else { return "<\(hexadecimal(value, digits: 2))>" }
      let picture = value == 0x7F ? 0x2421 : 0x2400 + value
      return Unicode.Scalar(picture).map { String($0) } ?? "?"
    }
    let code = "U+" + hexadecimal(value, digits: 4)
    return glyphs.isUnicode ? "\u{27E8}\(code)\u{27E9}" : "<\(code)>"
  }

  private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  /// Decodes UTF-8; bytes that are not part of any scalar become markers of their own.
  mutating func takeBytes(_ bytes: [UInt8]) {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var position = 0
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let encoded):
        position += encoded.count
        guard take(Unicode.UTF8.decode(encoded)) else { return }
      case .error(let length):
        guard takeInvalid(bytes.dropFirst(position).prefix(length)) else { return }
        position += length
      case .emptyInput:
        return
      }
    }
  }

  private mutating func takeInvalid(_ bytes: ArraySlice<UInt8>) -> Bool {
    for byte in bytes {
      if width > limit { return cut() }
      let code = TextGate.hexadecimal(UInt32(byte), digits: 2)
      let marker = glyphs.isUnicode ? "\u{27E8}\(code)\u{27E9}" : "<\(code)>"
      for character in marker.unicodeScalars { append(String(character), width: 1, isMarker: true) }
      context = .start
    }
    return true
  }
}
