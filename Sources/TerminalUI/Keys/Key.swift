/// A key as a person names it: a character or a named key, with the modifiers that terminals can tell apart.
///
/// Written as in `keymaps.conf`: `g`, `G`, `!`, `Space`, `Enter`, `F1`, `C-d`, `M-x`, `S-Tab`; `<Enter>` and `<#>` mean
/// the same as without brackets.
public struct Key: Sendable, Hashable {
  public enum Code: Sendable, Hashable {
    case character(Unicode.Scalar)
    case function(Int)
    case named(Name)
  }

  public enum Name: String, Sendable, Hashable, CaseIterable {
    case enter = "Enter"
    case tab = "Tab"
    case escape = "Esc"
    case backspace = "Backspace"
    case delete = "Delete"
    case insert = "Insert"
    case up = "Up"
    case down = "Down"
    case left = "Left"
    case right = "Right"
    case home = "Home"
    case end = "End"
    case pageUp = "PgUp"
    case pageDown = "PgDn"
  }

  public let code: Code
  public let control: Bool
  /// Alt, or ESC typed before the key.
  public let alt: Bool
  public let shift: Bool

  public init(_ code: Code, control: Bool = false, alt: Bool = false, shift: Bool = false) {
    self.code = code
    self.control = control
    self.alt = alt
    self.shift = shift
  }

  public static func character(_ scalar: Unicode.Scalar) -> Key { Key(.character(scalar)) }
  public static func control(_ scalar: Unicode.Scalar) -> Key { Key(.character(scalar), control: true) }
  public static func named(_ name: Name) -> Key { Key(.named(name)) }
  public static func function(_ number: Int) -> Key { Key(.function(number)) }

  public static let enter = Key.named(.enter)
  public static let escape = Key.named(.escape)
  public static let tab = Key.named(.tab)
  public static let backTab = Key(.named(.tab), shift: true)

  /// The scalar that the key types into a text field, nil for commands.
  public var typedScalar: Unicode.Scalar? {
    guard case .character(let scalar) = code, !control, !alt else { return nil }
    return scalar
  }
}
