import Engine
import TerminalUI

extension ConsoleState {
  var viewContext: ViewContext {
    ViewContext(
      now: now, glyphs: glyphs, filter: current.filter, usedUpRun: overview?.usedUpRun,
      keyWord: { [keymap, active] in keymap.word(for: $0, in: active.rawValue) })
  }

  /// What is known about the row under the cursor.
  var detailsContent: Details {
    guard let row = current.row else { return Details([]) }
    let items = pane.details(row, current.currentDetails, viewContext) + insightDetails
    return Details(items, scroll: current.detailsScroll)
  }

  /// How far the details can be scrolled.
  var lastDetailsLine: Int {
    max(0, detailsContent.lineCount(width: layout.details.width, glyphs: glyphs) - layout.details.height)
  }
}
