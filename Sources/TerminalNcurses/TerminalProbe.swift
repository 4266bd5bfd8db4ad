import CNcurses
import Glibc
import TerminalUI

/// What the environment says about a terminal.
enum TerminalProbe {
  static func variable(_ name: String) -> String {
    getenv(name).map { String(cString: $0) } ?? ""
  }

  /// The terminal's type; `-direct` entries become their 256-colour sibling, exact colours are written by ourselves.
  ///
  /// - Throws: ``TerminalError/dumb(type:)``
  static func type() throws(TerminalError) -> String {
    let type = variable("TERM")
    guard !type.isEmpty, type != "dumb", type != "unknown" else { throw .dumb(type: type) }
    return type.hasSuffix("-direct") ? String(type.dropLast("-direct".count)) + "-256color" : type
  }

  /// Takes over the locale's character type. Unicode when it is UTF-8, or when none is set or the one that is set is
  /// missing on this machine and C.UTF-8 is there.
  static func glyphs(forcesASCII: Bool) -> GlyphSet {
    let isKnown = setlocale(LC_CTYPE, "") != nil
    let isSet = ["LC_ALL", "LC_CTYPE", "LANG"].contains { !variable($0).isEmpty }
    if !screen_locale_is_utf8(), !isKnown || !isSet { _ = setlocale(LC_CTYPE, "C.UTF-8") }
    return screen_locale_is_utf8() && !forcesASCII ? .unicode : .ascii
  }

  /// COLORTERM does not pass through ssh, so its absence says nothing; its presence does.
  static func depth(colors: Int32) -> ColorDepth {
    if !variable("NO_COLOR").isEmpty || colors < 8 { return .mono }
    let claim = variable("COLORTERM").lowercased()
    let isDirect = claim == "truecolor" || claim == "24bit" || variable("TERM").hasSuffix("-direct")
    if colors >= 256 { return isDirect ? .rgb : .palette256 }
    return .sixteen
  }

  /// The size the system reports; LINES and COLUMNS, then 80×24, when it reports none.
  static func size(of descriptor: Int32) -> TerminalSize {
    var columns: Int32 = 0
    var rows: Int32 = 0
    if tty_size(descriptor, &columns, &rows), columns > 0, rows > 0 {
      return TerminalSize(columns: Int(columns), rows: Int(rows))
    }
    return TerminalSize(columns: Int(variable("COLUMNS")) ?? 80, rows: Int(variable("LINES")) ?? 24)
  }
}
