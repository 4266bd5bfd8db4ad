/// What a terminal does with one scalar, as far as terminals agree.
enum ScalarKind: Equatable {
  /// Takes this many columns: 1 or 2.
  case printable(Int)
  /// Drawn over the scalar before it.
  case combining
  /// Never sent: control, invisible, private, unassigned, or too new to be measured alike everywhere.
  case marker
  /// Half of a flag; a pair takes 2, 3 or 4 columns depending on the terminal.
  case regionalIndicator

  init(_ scalar: Unicode.Scalar) {
    let value = scalar.value
    if value < 0x7F {
      self = value < 0x20 ? .marker : .printable(1)
      return
    }
    if (0x1F1E6...0x1F1FF).contains(value) {
      self = .regionalIndicator
      return
    }
    self = ScalarKind.classify(scalar)
  }

  private static func classify(_ scalar: Unicode.Scalar) -> ScalarKind {
    let properties = scalar.properties
    if properties.isDefaultIgnorableCodePoint || isTooNew(properties) { return .marker }
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
      return .marker
    case .nonspacingMark, .enclosingMark:
      return .combining
    default:
      if isHangulVowelOrTail(scalar.value) { return .combining }
      return .printable(WideRanges.contains(scalar.value) ? 2 : 1)
    }
  }

  /// Unicode 15 and later: fonts and width tables of terminals differ.
  private static func isTooNew(_ properties: Unicode.Scalar.Properties) -> Bool {
    guard let age = properties.age else { return true }
    return age.major > 14
  }

  /// Conjoining jamo are drawn into the syllable that the leading consonant opened.
  private static func isHangulVowelOrTail(_ value: UInt32) -> Bool {
    (0x1161...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value)
  }
}
