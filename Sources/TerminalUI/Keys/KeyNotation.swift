/// Why a text does not name a key.
public struct KeyNotationError: Error, Sendable, Hashable, CustomStringConvertible {
  public let notation: String
  public let reason: String
  public var description: String { "'\(notation)' is not a key: \(reason)" }
}

extension Key: CustomStringConvertible {
  /// The notation that `init(notation:)` reads.
  public var description: String {
    var text = ""
    if control { text += "C-" }
    if alt { text += "M-" }
    if shift { text += "S-" }
    switch code {
    case .character(" "): return text + "Space"
    case .character(let scalar): return text + String(scalar)
    case .function(let number): return text + "F\(number)"
    case .named(let name): return text + name.rawValue
    }
  }

  private static let aliases: [String: Name] = [
    "return": .enter, "cr": .enter, "escape": .escape, "bs": .backspace, "del": .delete, "ins": .insert,
    "pageup": .pageUp, "pagedown": .pageDown,
  ]

  private static let names: [String: Name] = Name.allCases.reduce(into: aliases) { names, name in
    names[name.rawValue.lowercased()] = name
  }

  /// Reads a key's notation. Names are not case-sensitive, characters are.
  ///
  /// - Throws: ``KeyNotationError`` with what was expected.
  public init(notation: String) throws(KeyNotationError) {
    var rest = notation[...]
    if rest.count > 2, rest.first == "<", rest.last == ">" { rest = rest.dropFirst().dropLast() }
    var modifiers: Set<Character> = []
    while rest.count > 2, let first = rest.first, "CMS".contains(first), rest.dropFirst().first == "-" {
      modifiers.insert(first)
      rest = rest.dropFirst(2)
    }
    let code = try Key.code(String(rest), in: notation)
    self.init(
      Key.folded(code, modifiers), control: modifiers.contains("C"), alt: modifiers.contains("M"),
      shift: modifiers.contains("S"))
    if case .character = code, shift {
      throw KeyNotationError(notation: notation, reason: "write the shifted character itself, such as 'G' for S-g")
    }
  }

  private static func code(_ text: String, in notation: String) throws(KeyNotationError) -> Code {
    let scalars = Array(text.unicodeScalars)
    if scalars.count == 1, let scalar = scalars.first {
      guard ScalarKind(scalar) != .marker, scalar != " " else {
        throw KeyNotationError(notation: notation, reason: "expected a printable character or a key's name")
      }
      return .character(scalar)
    }
    let lowered = text.lowercased()
    if lowered == "space" || lowered == "spc" { return .character(" ") }
    if let name = names[lowered] { return .named(name) }
    if lowered.first == "f", let number = Int(lowered.dropFirst()), (1...24).contains(number) {
      return .function(number)
    }
    throw KeyNotationError(
      notation: notation, reason: "expected one character, or Enter, Tab, Esc, Space, Up, PgDn, F1…, C-x, M-x, S-Tab")
  }

  /// Terminals send the same byte for C-a and C-A.
  private static func folded(_ code: Code, _ modifiers: Set<Character>) -> Code {
    guard modifiers.contains("C"), case .character(let scalar) = code, (0x41...0x5A).contains(scalar.value) else {
      return code
    }
    return .character(Unicode.Scalar(UInt8(scalar.value + 32)))
  }

  /// Why no usual terminal sends this key, nil when it can be sent.
  public var unsendable: String? {
    switch code {
    case .character(let scalar) where control: return Key.unsendableControl(scalar)
    case .named(.tab) where control: return "terminals send the same for C-Tab and Tab"
    case .named(.enter) where control || shift: return "terminals send the same for it and Enter"
    case .named(.escape) where control || shift || alt: return "terminals send the same for it and Esc"
    case .named(.backspace) where control || shift: return "terminals send the same for it and Backspace"
    case .function(let number) where number > 12: return "keyboards end at F12"
    default: return nil
    }
  }

  private static func unsendableControl(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "i": return "terminals send the same for C-i and Tab"
    case "m", "j": return "terminals send the same for C-\(scalar) and Enter"
    case "[": return "terminals send the same for C-[ and Esc"
    case "h": return "terminals send the same for C-h and Backspace"
    case "c": return "C-c is the interrupt signal"
    case "z": return "C-z suspends"
    case "a"..."z", " ", "]", "^", "_": return nil
    case "\\": return "C-\\ is the quit signal"
    default: return "C- goes with letters, Space, ] ^ _ only"
    }
  }
}
