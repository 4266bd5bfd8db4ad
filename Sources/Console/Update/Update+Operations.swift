import Engine
import MailModel
import TerminalUI

extension ConsoleState {
  /// The way of every operation: may it, what must be said, what would it do, yes, do it.
  mutating func begin(_ operation: Operation, arguments: [String], key: Key?) -> [ConsoleEffect] {
    var (targets, reason) = target(of: operation)
    var arguments = arguments
    // An address that was typed needs no row: `:suppression.add someone@example.org`.
    if operation.target == .recipient, let address = arguments.first, address.contains("@") {
      targets = [.init(id: address)]
      reason =
        identity.actor.role < operation.role
        ? operation.roleReason(for: identity.actor, holders: identity.operators.holders(of: operation.role)) : nil
      arguments.removeFirst()
    }
    if let reason {
      say("\(operation.title): \(reason)", .refused)
      return [.bell]
    }
    // Whoever acts on a row has chosen it.
    current.isFollowing = false
    var request = OperationRequest(targets: targets)
    if current.isAllMarked, operation.takesFilter { request.matching = .init(current.filter.source) }
    if let argument = operation.arguments.first, !arguments.isEmpty {
      request.arguments[argument.name] = arguments.joined(separator: " ")
    }
    return proceed(OperationCall(operation: operation, request: request, startKey: key))
  }

  /// Asks for what is missing, then for a confirmation, then does it.
  mutating func proceed(_ call: OperationCall) -> [ConsoleEffect] {
    if let prompt = nextPrompt(call) {
      overlay = .prompt(prompt)
      return []
    }
    // What is done to rows that nobody has seen is always shown first.
    if call.operation.confirmation == .none, call.request.matching == nil { return [.perform(call)] }
    say("\(call.operation.title): looking what it would do")
    return [.preview(call)]
  }

  /// Asks for the first argument that is missing, or that was said and cannot be meant: before the next one is asked for.
  private func nextPrompt(_ call: OperationCall) -> Prompt? {
    for argument in call.operation.arguments {
      if let text = call.request.arguments[argument.name] {
        guard let problem = argument.problem(text, now: now) else { continue }
        var prompt = prompt(for: argument, of: call)
        (prompt.input, prompt.hint) = (TextInput(text), "\(problem); Esc leaves it undone")
        return prompt
      }
      // An optional reason is not asked for: it would cost a key each time. Whoever has one types it as an argument.
      if argument.isRequired || argument.name != "reason" { return prompt(for: argument, of: call) }
    }
    return nil
  }

  private func prompt(for argument: Operation.Argument, of call: OperationCall) -> Prompt {
    var prompt = Prompt(
      purpose: .argument(call, argument), label: "\(call.operation.title), \(argument.name): ",
      placeholder: argument.help)
    if call.operation.id == "checklist.note", case .step(_, _, let state?, _)? = current.row {
      prompt.input = TextInput(state.note)
    }
    // One key and Enter: the best candidate is there to be taken or changed.
    if call.operation.id == "unmatched.match", case .unmatched(let candidates, _, _)? = current.currentDetails,
      let best = candidates.first
    {
      prompt.input = TextInput("\(best.message.id)")
    }
    return prompt
  }

  mutating func takeResult(_ event: ConsoleEvent) -> [ConsoleEffect] {
    switch event {
    case .preview(let call, let preview): return confirm(call, preview)
    case .performed(let call, let summary, let refusals):
      let others = refusals.isEmpty ? "" : "; \(refusals.prefix(3).joined(separator: "; "))"
      say("\(call.operation.title): \(summary)\(others)", refusals.isEmpty ? .done : .info)
      if call.operation.target != .none { current.clearMarks() }
      // The next step: a checklist is worked with one key.
      if call.operation.id == "checklist.tick", active == .checklist, isStill(at: call) {
        return move(by: 1) + reload()
      }
      if active == .abuseCase, isStepDone(with: call.operation.id) { return move(by: 1) + reload() }
      return reload()
    case .refused(let call, let why):
      say("\(call.operation.title) refused: \(why)", .refused)
      return [.bell] + reload() + load(active, .reload)
    case .scanProgress(let progress):
      scan = progress
      return []
    case .scanned(let summary):
      scan = nil
      say("Scan: \(summary)", .done)
      return reload()
    case .scanFailed(let why):
      scan = nil
      say("Scan failed: \(why)", .refused)
      return [.bell]
    case .theme(let theme):
      say("Theme \(theme.name)", .done)
      return []
    case .themeFailed(let why):
      say(why, .refused)
      return [.bell]
    default: return []
    }
  }

  /// Whether the cursor is where the operation was begun and nothing lies over it: whoever moved on is not moved again.
  private func isStill(at call: OperationCall) -> Bool {
    guard overlay == nil, let row = current.row,
      let place = pane.target(row, nil, for: call.operation.target, now: now)?.target
    else { return false }
    return call.request.targets.contains { $0.id == place.id }
  }

  private mutating func confirm(_ call: OperationCall, _ preview: Preview) -> [ConsoleEffect] {
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
    if command?.name == "stop" { return [.trip] }
    if let word = confirmation.word { return take(key, command, word: word, in: confirmation) }
    switch command?.name {
    case "focus-next": confirmation.dialog.focusNext()
    case "focus-previous": confirmation.dialog.focusPrevious()
    case "down": scroll(&confirmation.dialog, by: 1)
    case "up": scroll(&confirmation.dialog, by: -1)
    case "cancel": return cancelOverlay()
    case "press":
      if key == asked.call.startKey { return [] }
      return asked.dialog.focused == 0 ? cancelOverlay() : perform(asked.call)
    case "yes":
      // A key that began it never confirms it, whatever the keymap says.
      return key == asked.call.startKey ? [] : perform(asked.call)
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
      if confirmation.dialog.input?.field.text == word { return perform(asked.call) }
      let cancel = keymap.keys(for: CommandInvocation("cancel"), in: Keymap.promptSection).first
      say("Type exactly \(word), or \(cancel?.description ?? ":cancel") leaves it undone", .refused)
    case "next": scroll(&confirmation.dialog, by: 1)
    case "previous": scroll(&confirmation.dialog, by: -1)
    default: _ = confirmation.dialog.input?.field.handle(key)
    }
    confirmation.dialog.focused = confirmation.dialog.input?.field.text == word ? Confirming.doIt : nil
    overlay = .confirm(confirmation)
    return []
  }

  private mutating func perform(_ call: OperationCall) -> [ConsoleEffect] {
    overlay = nil
    say("\(call.operation.title): under way")
    return [.perform(call)]
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
      .init("Leave it", key: "Esc"),
      .init(gate(preview.isRequest ? "Ask for it" : "Do it"), key: "Enter", isDangerous: true),
    ]
    dialog.input = (prompt: gate("Type \(word): "), field: TextInput())
    dialog.focused = nil
    return Confirmation(call: call, dialog: dialog, word: word)
  }

  /// Which answer does it, where a word is typed. It has the focus once the word stands there, and only then.
  static let doIt = 1
}
