import Engine
import MailModel
import TerminalUI

/// Prompts, questions, the palette, help and provenance.
struct OverlayView {
  let state: ConsoleState

  private var context: ViewContext { state.viewContext }

  func draw(_ layout: ScreenLayout, into frame: inout Frame, styles: Styles) {
    let body = layout.overlay
    switch state.overlay {
    case .prompt(let prompt): draw(prompt, layout, into: &frame, styles: styles)
    case .confirm(let confirmation): confirmation.dialog.draw(in: body, into: &frame, styles: styles)
    case .palette(let picker): picker.draw(in: body, into: &frame, styles: styles)
    case .help(let scroll):
      frame.fill(body, style: styles[.text])
      HelpScreen(HelpWords(state: state).sections, scroll: scroll).draw(in: body, into: &frame, styles: styles)
    case .why(let scroll):
      frame.fill(body, style: styles[.text])
      why(scroll, body).draw(in: body.inset(columns: 1), into: &frame, styles: styles)
      frame.cursor = Position(x: body.x, y: body.y)
    case nil: break
    }
  }

  /// Lines of help or provenance that do not fit.
  func overflow(_ body: Rect) -> Int {
    switch state.overlay {
    case .help: max(0, HelpScreen(HelpWords(state: state).sections).lineCount(width: body.width) - body.height)
    case .why: max(0, lineCount(why, body) - body.height)
    default: 0
    }
  }

  private func lineCount(_ details: Details, _ body: Rect) -> Int {
    details.lineCount(width: body.width - 2, glyphs: state.glyphs)
  }

  private func draw(_ prompt: Prompt, _ layout: ScreenLayout, into frame: inout Frame, styles: Styles) {
    let label = context.gate(prompt.label)
    let help = context.gate(prompt.placeholder)
    // Help that does not fit behind the label stands above it, and stays while one types.
    let isCut = label.width + help.width + 1 > frame.size.columns
    if !prompt.hint.isEmpty {
      hint(context.gate(prompt.hint), .severity("warning"), layout, into: &frame, styles: styles)
    } else if isCut {
      hint(help, .dim, layout, into: &frame, styles: styles)
    }
    prompt.input.draw(
      prompt: label, placeholder: isCut ? .empty : help, in: layout.message, into: &frame, styles: styles)
  }

  /// Lines above the one that is typed in.
  private func hint(
    _ text: VisibleText, _ style: StyleName, _ layout: ScreenLayout, into frame: inout Frame, styles: Styles
  ) {
    let lines = text.wrapped(to: max(1, frame.size.columns - 2), glyphs: frame.glyphs).prefix(3)
    for (index, line) in lines.enumerated() {
      let place = Rect(x: 0, y: layout.message.y - lines.count + index, width: frame.size.columns, height: 1)
      frame.fill(place, style: styles[.text])
      StyledLine([Span(" ", .text), Span(line, style)]).draw(in: place, into: &frame, styles: styles)
    }
  }

  /// Every alert with who has it, how to reach them, and since when.
  private func alerts(_ overview: Overview) -> [Details.Item] {
    let standing = overview.standingAlerts(state.identity.contacts)
    guard !standing.isEmpty else { return [] }
    return [.heading("Alerts"), .blank]
      + standing.flatMap { entry -> [Details.Item] in
        let severity = entry.alert.severity
        return [
          .field(context.gate(severity.rawValue), context.span(entry.alert.title, .severity(severity.rawValue))),
          .field("", context.span(entry.alert.explanation)),
          .field("", context.span(entry.words(now: state.now), .dim)),
        ]
      } + [.blank]
  }

  private func why(_ scroll: Int, _ body: Rect) -> Details {
    var details = why
    details.scroll = min(scroll, max(0, lineCount(details, body) - body.height))
    return details
  }

  private var why: Details {
    guard let overview = state.overview else { return Details([.note(Span("The store is not read yet", .dim))]) }
    let items = state.provenance(overview).flatMap { entry -> [Details.Item] in
      [
        .field(context.gate(entry.number), context.span(entry.value, .heading)),
        .field("", context.span(entry.source, .dim)),
      ]
    }
    return Details(alerts(overview) + [.heading("Where the numbers come from"), .blank] + items)
  }
}

/// The help screen, made from the bindings that act.
struct HelpWords {
  let state: ConsoleState

  var sections: [HelpScreen.Section] {
    let context = state.viewContext
    func section(_ title: String, _ bindings: [Keymap.Binding]) -> HelpScreen.Section {
      HelpScreen.Section(
        title: context.gate(title),
        entries: bindings.map { binding in
          HelpScreen.Entry(
            keys: context.gate(binding.keys.map(\.description).joined(separator: " ")),
            text: context.gate(ConsoleCommand.title(binding.command)))
        })
    }
    let here = state.keymap.section(state.active.rawValue)?.bindings ?? []
    let everywhere = state.keymap.bindings(in: state.active.rawValue).filter { !here.contains($0) }
    return [
      section(state.pane.title, here), section("Everywhere", everywhere),
      section("While typing", state.keymap.bindings(in: Keymap.promptSection)),
      section("In a question", state.keymap.bindings(in: Keymap.dialogSection)),
    ].filter { !$0.entries.isEmpty }
  }
}
