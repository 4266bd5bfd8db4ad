/// The role a piece of the screen plays, as themes name it: `state.failed`, `row.selected`.
///
/// What a theme does not say about `a.b` it may say about `*.b` and then about `a`.
public struct StyleName: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
  public let rawValue: String

  public init(_ rawValue: String) { self.rawValue = rawValue }
  public init(stringLiteral value: String) { rawValue = value }
  public var description: String { rawValue }

  public static let text: StyleName = "text"
  public static let dim: StyleName = "dim"
  public static let heading: StyleName = "heading"
  public static let border: StyleName = "border"
  public static let title: StyleName = "title"
  public static let header: StyleName = "header"
  public static let headerAlert: StyleName = "header.alert"
  public static let bannerStopped: StyleName = "banner.stopped"
  public static let bannerReady: StyleName = "banner.ready"
  public static let footer: StyleName = "footer"
  public static let footerKey: StyleName = "footer.key"
  public static let footerLabel: StyleName = "footer.label"
  public static let tab: StyleName = "tab"
  public static let tabSelected: StyleName = "tab.selected"
  public static let rowSelected: StyleName = "row.selected"
  public static let rowMarked: StyleName = "row.marked"
  public static let tableHeader: StyleName = "table.header"
  public static let scrollBar: StyleName = "scrollbar"
  public static let input: StyleName = "input"
  public static let inputCursor: StyleName = "input.cursor"
  public static let helpKey: StyleName = "help.key"
  public static let dialog: StyleName = "dialog"
  public static let dialogTitle: StyleName = "dialog.title"
  public static let dialogFocused: StyleName = "dialog.focused"
  public static let dialogDanger: StyleName = "dialog.danger"
  public static let badge: StyleName = "badge"
  public static let match: StyleName = "match"

  /// A message's state, such as `queued` or `uncertain`.
  public static func state(_ name: String) -> StyleName { StyleName("state." + name) }
  /// `ok`, `warning` or `critical`.
  public static func severity(_ name: String) -> StyleName { StyleName("severity." + name) }
  /// `good`, `flagged` or `restricted`.
  public static func account(_ name: String) -> StyleName { StyleName("account." + name) }
}
