import Engine
import MailModel
import TerminalUI

/// The message line and the keys that mean something now, made from the keymap.
struct FooterView {
  let state: ConsoleState

  private var context: ViewContext { state.viewContext }

  func draw(_ layout: ScreenLayout, into frame: inout Frame, styles: Styles) {
    if let notice = state.notice {
      let style: StyleName =
        switch notice.kind {
        case .done: .severity("ok")
        case .refused: .severity("critical")
        case .info: .text
        }
      draw(context.gate(notice.text), style, layout.message, into: &frame, styles: styles)
    } else if let scan = state.scan {
      drawScan(scan, layout.message, into: &frame, styles: styles)
    }
    Footer(hints, pinned: pinned).draw(in: layout.footer, into: &frame, styles: styles)
  }

  /// What happened, in full: a refusal that is cut off says everything but why. It grows upwards over the panes.
  private func draw(
    _ text: VisibleText, _ style: StyleName, _ line: Rect, into frame: inout Frame, styles: Styles
  ) {
    let lines = text.wrapped(to: max(1, line.width - 2), glyphs: frame.glyphs).prefix(4)
    for (index, part) in lines.enumerated() {
      let place = Rect(x: line.x, y: line.y - lines.count + 1 + index, width: line.width, height: 1)
      frame.fill(place, style: styles[.text])
      StyledLine([Span(" ", .text), Span(part, style)]).draw(in: place, into: &frame, styles: styles)
    }
  }

  /// Until something else is said, and again after the next key.
  private func drawScan(_ scan: RoundProgress, _ line: Rect, into frame: inout Frame, styles: Styles) {
    frame.fill(line, style: styles[.text])
    let width = line.width < 100 ? 12 : 24
    StyledLine([
      Span(" Scanning ", .text),
      Span(ProgressBar.text(scan.share, width: width, glyphs: frame.glyphs), .severity("ok")),
      Span(context.gate(" \(scan.words)"), .text),
    ]).draw(in: line, into: &frame, styles: styles)
  }

  private var bindings: [Keymap.Binding] { state.keymap.bindings(in: state.context) }

  private var hints: [Footer.Hint] {
    switch state.overlay {
    case .help, .why: return textHints
    default: break
    }
    let shown = bindings.filter { !FooterView.pinnedCommands.contains($0.command.name) }
    let own = Set(state.keymap.section(state.context)?.bindings ?? [])
    return Footer.hints(
      from: shown, glyphs: state.glyphs, isEnabled: { state.overlay != nil || state.disabledReason($0) == nil },
      isOwn: own.contains) + emptying
  }

  /// A prompt may open with text in it, and what is typed comes behind that.
  private var emptying: [Footer.Hint] {
    guard case .prompt(let prompt) = state.overlay, !prompt.input.text.isEmpty else { return [] }
    return [Footer.Hint(key: "C-u", label: "empty it")]
  }

  /// Over help and provenance the keys of the pane below mean nothing.
  private var textHints: [Footer.Hint] {
    func keys(_ commands: String...) -> VisibleText {
      let keys = commands.compactMap { state.keymap.keys(for: CommandInvocation($0), in: state.context).first }
      return context.gate(keys.map(\.description).joined(separator: " "))
    }
    return [
      Footer.Hint(key: keys("down", "up"), label: "scroll"), Footer.Hint(key: keys("back-or-quit"), label: "close"),
    ]
  }

  private static let pinnedCommands: Set<String> = ["stop", "help"]

  private var pinned: [Footer.Hint] {
    let isTyping = state.context == Keymap.promptSection
    let stop = state.keymap.keys(for: CommandInvocation("stop"), in: state.context).first ?? Keymap.fallbackStopKey
    let help = state.keymap.keys(for: CommandInvocation("help"), in: state.context).first
    var hints = [Footer.Hint(key: context.gate(stop.description), label: "STOP")]
    if let help, !isTyping { hints.append(Footer.Hint(key: context.gate(help.description), label: "help")) }
    return hints
  }
}
