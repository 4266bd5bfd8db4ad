import CNcurses
import TerminalUI

/// Between the numbers ncurses gives to keys and our own names.
enum KeyTable {
  private static let pasteBegin: Int32 = 5000
  private static let pasteEnd: Int32 = 5001
  private static let focusGained: Int32 = 5002
  private static let focusLost: Int32 = 5003
  private static let modified: Int32 = 5100

  private static let plain: [Int32: Key] = [
    KEY_UP: .named(.up), KEY_DOWN: .named(.down), KEY_LEFT: .named(.left), KEY_RIGHT: .named(.right),
    KEY_HOME: .named(.home), KEY_END: .named(.end), KEY_PPAGE: .named(.pageUp), KEY_NPAGE: .named(.pageDown),
    KEY_IC: .named(.insert), KEY_DC: .named(.delete), KEY_BACKSPACE: .named(.backspace), KEY_ENTER: .enter,
    KEY_BTAB: .backTab, KEY_FIND: .named(.home), KEY_SELECT: .named(.end), KEY_A1: .named(.home),
    KEY_A3: .named(.pageUp), KEY_C1: .named(.end), KEY_C3: .named(.pageDown),
    KEY_SLEFT: Key(.named(.left), shift: true), KEY_SRIGHT: Key(.named(.right), shift: true),
    KEY_SR: Key(.named(.up), shift: true), KEY_SF: Key(.named(.down), shift: true),
  ]

  /// The last letter of xterm's sequence for a key with modifiers, such as `ESC [ 1 ; 5 D`.
  private static let letters: [(letter: String, name: Key.Name)] = [
    ("A", .up), ("B", .down), ("C", .right), ("D", .left), ("H", .home), ("F", .end),
  ]

  /// Tells ncurses the sequences that terminfo leaves out.
  static func defineKeys() {
    define_key("\u{1B}[200~", pasteBegin)
    define_key("\u{1B}[201~", pasteEnd)
    define_key("\u{1B}[I", focusGained)
    define_key("\u{1B}[O", focusLost)
    let usual: [(String, Int32)] = [
      ("[A", KEY_UP), ("[B", KEY_DOWN), ("[C", KEY_RIGHT), ("[D", KEY_LEFT), ("[H", KEY_HOME), ("[F", KEY_END),
      ("OA", KEY_UP), ("OB", KEY_DOWN), ("OC", KEY_RIGHT), ("OD", KEY_LEFT), ("OH", KEY_HOME), ("OF", KEY_END),
      ("[1~", KEY_HOME), ("[4~", KEY_END), ("[7~", KEY_HOME), ("[8~", KEY_END), ("[Z", KEY_BTAB),
    ]
    for (sequence, code) in usual where key_defined("\u{1B}" + sequence) == 0 {
      define_key("\u{1B}" + sequence, code)
    }
    for modifiers in 2...8 {
      for (index, entry) in letters.enumerated() {
        define_key("\u{1B}[1;\(modifiers)\(entry.letter)", modified + Int32(modifiers * 16 + index))
      }
    }
  }

  /// What one of ncurses' numbers means; nil for what is no key of ours.
  static func unit(for code: Int32) -> InputUnit? {
    switch code {
    case pasteBegin: return .pasteBegin
    case pasteEnd: return .pasteEnd
    case focusGained: return .focus(true)
    case focusLost: return .focus(false)
    case KEY_MOUSE: return mouse()
    case KEY_F0 + 1...KEY_F0 + 24: return .key(.function(Int(code - KEY_F0)))
    case modified..<modified + 16 * 9: return modifiedKey(Int(code - modified))
    default: return plain[code].map { .key($0) }
    }
  }

  private static func modifiedKey(_ number: Int) -> InputUnit? {
    let index = number % 16
    guard letters.indices.contains(index) else { return nil }
    let bits = number / 16 - 1
    let key = Key(
      .named(letters[index].name), control: bits & 4 != 0, alt: bits & 2 != 0, shift: bits & 1 != 0)
    return .key(key)
  }

  private static func mouse() -> InputUnit? {
    var x: Int32 = 0
    var y: Int32 = 0
    var action: Int32 = 0
    guard keys_mouse(&x, &y, &action) else { return nil }
    let actions: [MouseEvent.Action] = [.press, .scrollUp, .scrollDown]
    guard actions.indices.contains(Int(action)) else { return nil }
    return .mouse(MouseEvent(action: actions[Int(action)], position: Position(x: Int(x), y: Int(y))))
  }
}
