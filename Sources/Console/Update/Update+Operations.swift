import Engine
import MailModel
import TerminalUI

extension ConsoleState {
  /// The way of every operation: may it, what must be said, what would it do, yes, do it.
  mutating func begin(_ operation: Operation, arguments: [String], key: Key?) -> [ConsoleEffect] {
    var (targets, reason) = target(of: operation)
    // What was typed needs no row: `:suppression.add someone@example.org`, `:queue.hold 5`.
    let typed = operation.targets(in: arguments)
    let arguments = Array(arguments.dropFirst(typed.count))
    if !typed.isEmpty {
      targets = typed.map { .init(id: $0) }
      reason = refusalOfPerson(operation)
    }
    if let reason {
      say("\(operation.title): \(reason)", .refused)
      return [.bell]
    }
    // Whoever acts on a row has chosen it.
    current.isFollowing = false
    var request = OperationRequest(targets: targets)
    if current.isAllMarked, operation.takesFilter, typed.isEmpty { request.matching = .init(current.filter.source) }
    if let argument = operation.arguments.first, !arguments.isEmpty {
      request.arguments[argument.name] = arguments.joined(separator: " ")
    }
    let place = OperationCall.Place(pane: active, row: current.row?.id)
    return proceed(
      OperationCall(
        operation: operation, request: request, startKey: key,
        isUnseen: !typed.isEmpty && operation.target != .recipient, place: place))
  }

  /// Asks for what is missing, then for a confirmation, then does it.
  mutating func proceed(_ call: OperationCall) -> [ConsoleEffect] {
    if let prompt = nextPrompt(call) {
      overlay = .prompt(prompt)
      return []
    }
    // What is done to rows that nobody has seen is always shown first.
    if call.operation.confirmation == .none, call.request.matching == nil, !call.isUnseen { return perform(call) }
    say("\(call.operation.title): looking what it would do")
    return [.preview(call)]
  }

  /// Asks for the first argument that is missing, or that was said and cannot be meant: before the next one is asked for.
  private func nextPrompt(_ call: OperationCall) -> Prompt? {
    for argument in call.operation.arguments {
      if let text = call.request.arguments[argument.name] {
        guard let problem = argument.problem(text, now: now) else { continue }
        var prompt = prompt(for: argument, of: call)
        (prompt.input, prompt.hint) = (
          TextInput(text), "\(problem); \(keyWord("cancel", in: Keymap.promptSection)) leaves it undone"
        )
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
    case .performed(let call, let summary, let refusals): return takePerformed(call, summary, refusals)
    case .refused(let call, let why):
      say("\(call.operation.title) refused: \(why)", .refused)
      return [.bell] + reload(after: call, isFrozenToo: true)
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

  private mutating func takePerformed(
    _ call: OperationCall, _ summary: String, _ refusals: [String]
  ) -> [ConsoleEffect] {
    let others = refusals.isEmpty ? "" : "; \(refusals.prefix(3).joined(separator: "; "))"
    say("\(call.operation.title): \(summary)\(others)", refusals.isEmpty ? .done : .info)
    if call.operation.target != .none { current.clearMarks() }
    // The next step: checklists and runbooks are worked one after another, with one key.
    let isStep = active == .checklist ? call.operation.id == "checklist.tick" : isStepDone(with: call.operation.id)
    let moving = isStep && isStill(at: call) ? move(by: 1) : []
    return moving + reload(after: call)
  }

  /// Whether the cursor is where the operation was begun and nothing lies over it: whoever moved on is not moved again.
  private func isStill(at call: OperationCall) -> Bool {
    overlay == nil && call.place == OperationCall.Place(pane: active, row: current.row?.id)
  }

  /// Reads what the operation may have changed; keys that act on rows wait for that.
  /// - Parameter isFrozenToo: also rows that stay as they are while some are marked.
  private mutating func reload(after call: OperationCall, isFrozenToo: Bool = false) -> [ConsoleEffect] {
    let effects = reload() + (isFrozenToo ? load(active, .reload) : [])
    guard let id = call.place?.pane, panes[id]?.change != nil else { return effects }
    panes[id]?.change = .done
    panes[id]?.endChange()
    return effects
  }

  mutating func perform(_ call: OperationCall) -> [ConsoleEffect] {
    if let place = call.place { panes[place.pane]?.change = .underWay }
    return [.perform(call)]
  }
}
