import Engine
import MailModel
import TerminalUI

/// The question before an operation, and its answers.
extension ConsoleState {
  mutating func confirm(_ call: OperationCall, _ preview: Preview) -> [ConsoleEffect] {
    // Another question, or the stop, came first: this one is asked again by whoever still wants it.
    guard overlay == nil else { return [] }
    notice = nil
    guard !preview.isEmpty else {
      say(([preview.summary] + preview.lines.prefix(2)).joined(separator: "; "), .refused)
      return [.bell]
    }
    var call = call
    call.request.matching?.upTo = preview.upTo
    call.request.version = preview.version
    overlay = .confirm(Confirming.confirmation(call, preview, glyphs: glyphs, keymap: keymap))
    return []
  }

  mutating func take(_ key: Key, in asked: Confirmation) -> [ConsoleEffect] {
    var confirmation = asked
    let command = keymap.command(for: key, in: context)
    if command?.name == "stop" { return [.trip()] }
    if command?.name == "redraw" { return [.redraw] }
    if let word = confirmation.word { return take(key, command, word: word, in: confirmation) }
    switch command?.name {
    case "focus-next": confirmation.dialog.focusNext()
    case "focus-previous": confirmation.dialog.focusPrevious()
    case "down": scroll(&confirmation.dialog, by: 1)
    case "up": scroll(&confirmation.dialog, by: -1)
    case "cancel": return cancelOverlay()
    case "press":
      if key == asked.call.startKey { return [] }
      return asked.dialog.focused == 0 ? cancelOverlay() : confirmed(asked.call)
    case "yes":
      // A key that began it never confirms it, whatever the keymap says.
      return key == asked.call.startKey ? [] : confirmed(asked.call)
    default: say(answers(of: asked))
    }
    overlay = .confirm(confirmation)
    return []
  }

  /// What the keys mean while a question is open: for who asks, and for who pressed another one.
  private func answers(of asked: Confirmation) -> String {
    func keys(_ command: String) -> String {
      let all = keymap.keys(for: CommandInvocation(command), in: Keymap.dialogSection)
      return all.first { $0 != asked.call.startKey }?.description ?? ":\(command)"
    }
    let scrolls =
      asked.dialog.overflow(in: layout.overlay, glyphs: glyphs) > 0 ? ", \(keys("down")) \(keys("up")) scroll" : ""
    return "\(keys("yes")) does it, \(keys("cancel")) leaves it, \(keys("press")) takes the answer in [ ]\(scrolls)"
  }

  /// What does not fit is read before it is answered; where all fits, the key goes to the other answer.
  private func scroll(_ dialog: inout Dialog, by lines: Int) {
    let overflow = dialog.overflow(in: layout.overlay, glyphs: glyphs)
    if overflow > 0 {
      dialog.scroll = max(0, min(overflow, dialog.scroll + lines))
    } else if lines > 0 {
      dialog.focusNext()
    } else {
      dialog.focusPrevious()
    }
  }

  private mutating func take(
    _ key: Key, _ command: CommandInvocation?, word: String, in asked: Confirmation
  ) -> [ConsoleEffect] {
    var confirmation = asked
    switch command?.name {
    case "cancel": return cancelOverlay()
    case "accept":
      if confirmation.dialog.input?.field.text == word { return confirmed(asked.call) }
      say("Type exactly \(word), or \(keyWord("cancel", in: Keymap.promptSection)) leaves it undone", .refused)
    case "next": scroll(&confirmation.dialog, by: 1)
    case "previous": scroll(&confirmation.dialog, by: -1)
    default: _ = confirmation.dialog.input?.field.handle(key)
    }
    confirmation.dialog.focused = confirmation.dialog.input?.field.text == word ? Confirming.doIt : nil
    overlay = .confirm(confirmation)
    return []
  }

  private mutating func confirmed(_ call: OperationCall) -> [ConsoleEffect] {
    overlay = nil
    say("\(call.operation.title): under way")
    return perform(call)
  }
}

/// Makes the questions.
enum Confirming {
  static func confirmation(
    _ call: OperationCall, _ preview: Preview, glyphs: GlyphSet, keymap: Keymap
  ) -> Confirmation {
    func gate(_ text: String) -> VisibleText { VisibleText(text, glyphs: glyphs, limit: 500) }
    let yes = keymap.keys(for: CommandInvocation("yes"), in: Keymap.dialogSection).first { $0 != call.startKey }
    let no = keymap.keys(for: CommandInvocation("cancel"), in: Keymap.dialogSection).first
    var lines = [Span(gate(preview.summary)), Span(.empty)]
    let most = 16
    lines += preview.lines.prefix(most).map { Span(gate($0), .dim) }
    if preview.lines.count > most { lines.append(Span(gate("and \(preview.lines.count - most) more"), .dim)) }
    if let reason = call.request.arguments["reason"], !reason.isEmpty {
      lines.append(Span(gate("reason: \(reason)"), .dim))
    }
    var dialog = Dialog(
      title: gate(call.operation.title), lines: lines,
      buttons: [
        .init("No, leave it", key: gate(no?.description ?? "")),
        .init(
          gate(preview.isRequest ? "Ask for it" : call.operation.title), key: gate(yes?.description ?? ""),
          isDangerous: true),
      ])
    guard case .typed(let word) = call.operation.confirmation else {
      return Confirmation(call: call, dialog: dialog, word: nil)
    }
    dialog.buttons = [
      .init("Leave it", key: gate(keymap.word(for: "cancel", in: Keymap.promptSection))),
      .init(
        gate(preview.isRequest ? "Ask for it" : "Do it"),
        key: gate(keymap.word(for: "accept", in: Keymap.promptSection)),
        isDangerous: true),
    ]
    dialog.input = (prompt: gate("Type \(word): "), field: TextInput())
    dialog.focused = nil
    return Confirmation(call: call, dialog: dialog, word: word)
  }

  /// Which answer does it, where a word is typed. It has the focus once the word stands there, and only then.
  static let doIt = 1
}
