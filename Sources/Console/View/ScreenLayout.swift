import MailModel
import TerminalUI

/// Where everything is on the screen: a pure function of size and state, used by `update` and by `view`.
struct ScreenLayout: Sendable, Equatable {
  var header: Rect
  /// Empty while sending is open.
  var banner: Rect
  var tabs: Rect
  var status: Rect
  /// Empty when details stand alone.
  var table: Rect
  var divider: Rect
  /// Empty when details are hidden.
  var details: Rect
  var message: Rect
  var footer: Rect

  /// Columns from which table and details stand side by side.
  static let wide = 100

  init(_ size: TerminalSize, hasBanner: Bool, details layout: PaneState.DetailsLayout) {
    let parts = Layout.rows(
      [.fixed(3), .fixed(hasBanner ? 2 : 0), .fixed(1), .fixed(1), .weight(1), .fixed(1), .fixed(1)], in: size.rect)
    (header, banner, tabs, status, message, footer) = (parts[0], parts[1], parts[2], parts[3], parts[5], parts[6])
    let body = parts[4]
    (table, divider, details) = (body, Rect(x: 0, y: 0, width: 0, height: 0), Rect(x: 0, y: 0, width: 0, height: 0))
    switch layout {
    case .alone:
      table = Rect(x: body.x, y: body.y, width: 0, height: 0)
      details = body.inset(columns: 1)
    case .below where size.columns < ScreenLayout.wide:
      let split = Layout.rows([.flexible(minimum: 4, weight: 2), .fixed(1), .weight(3)], in: body)
      (table, divider, details) = (split[0], split[1], split[2].inset(columns: 1))
    case .beside where size.columns < ScreenLayout.wide: break
    case .below, .beside:
      let split = Layout.columns([.weight(3), .fixed(1), .weight(2)], in: body)
      (table, divider) = (split[0], split[1])
      details = Rect(x: split[2].x + 1, y: split[2].y, width: split[2].width - 1, height: split[2].height)
    }
  }

  /// Where questions, help and provenance stand: between header and message line.
  var overlay: Rect { Rect(x: 0, y: tabs.y, width: footer.width, height: message.y - tabs.y) }

  /// Rows of the table that are on screen.
  var tableHeight: Int { max(1, Table.capacity(of: table)) }
}

extension ConsoleState {
  var hasBanner: Bool { overview == nil || permitState != .open }
  var layout: ScreenLayout { ScreenLayout(size, hasBanner: hasBanner, details: current.layout) }
}
