import ArgumentParser
import Engine
import MailModel
import Storage

/// What the commands have in common that perform an operation.
struct PerformingOptions: ParsableArguments {
  @Flag(help: "Only say what it would do.") var preview = false
  @Flag(help: "Do not ask.") var yes = false
  @Flag(help: "One JSON object.") var json = false

  /// Performs it, or says what it would do.
  func perform(_ id: String, _ request: OperationRequest, in open: OpenWorkspace) throws {
    let performing = Performing(open, self)
    try preview ? performing.preview(id, request) : performing.run(id, request)
  }
}

/// Preview, confirmation and effect of an operation on the command line.
struct Performing {
  struct Record: Encodable {
    var operation: String
    var summary: String
    var changed: Int
    var refusals: [String]
    /// The request that waits for a second person; nothing was done then.
    var approval: Int64?
  }

  private let open: OpenWorkspace
  private let yes: Bool
  private let json: Bool

  init(_ open: OpenWorkspace, yes: Bool, json: Bool) {
    self.open = open
    self.yes = yes
    self.json = json
  }

  init(_ open: OpenWorkspace, _ options: PerformingOptions) { self.init(open, yes: options.yes, json: options.json) }

  func preview(_ id: String, _ request: OperationRequest) throws {
    let preview = try open.operations.preview(id, request)
    if json {
      return try Output.json(Record(operation: id, summary: preview.summary, changed: 0, refusals: preview.lines))
    }
    Output.line(preview.summary)
    for line in preview.lines { Output.line("  \(line)") }
  }

  func run(_ id: String, _ request: OperationRequest) throws {
    let request = try confirm(id, request)
    let effect = try open.operations.perform(id, request)
    if json {
      try Output.json(
        Record(
          operation: id, summary: effect.summary, changed: effect.changed, refusals: effect.refusals,
          approval: effect.approval))
    } else {
      Output.line(effect.summary)
      for refusal in effect.refusals { Output.error(refusal) }
    }
    if !effect.refusals.isEmpty { throw ExitStatus.dataRefused.code }
    // Asked for, not done: a script must not take it for done.
    if effect.approval != nil { throw ExitStatus.tryAgain.code }
  }

  /// Breaks the glass, unless it is open already.
  func openGlass(reason: String) throws {
    let id = "break-glass.open"
    let isOpen = try open.store.read { transaction in
      try transaction.breakGlasses.current(now: open.clock.now()).contains { $0.person == open.actor.name }
    }
    if isOpen { return }
    let request = OperationRequest(arguments: ["reason": reason])
    _ = try confirm(id, request)
    Output.note(try open.operations.perform(id, request).summary)
  }

  /// - Returns: the request as it was previewed; a row that changes while the question is open refuses.
  func confirm(_ id: String, _ request: OperationRequest) throws -> OperationRequest {
    guard !yes, let operation = Engine.Operation.named(id),
      operation.confirmation != .none || request.matching != nil
    else { return request }
    var request = try open.operations.pinned(id, request)
    let preview = try open.operations.preview(id, request)
    guard !preview.isEmpty else {
      for line in preview.lines { Output.note(line) }
      throw OperationRefusal.notNow("nothing was done: \(preview.summary)")
    }
    request.matching?.upTo = preview.upTo
    request.version = preview.version
    for line in [preview.summary] + preview.lines { Output.note(line) }
    let word: String
    switch operation.confirmation {
    case .typed(let typed): word = typed
    case .yesNo, .none: word = "yes"
    }
    let answer = Output.ask("\(operation.title): type \(word) to go on:")
    if answer == word { return request }
    Output.error(
      answer == nil
        ? "nothing was done; \(id) needs '\(word)' typed on a terminal, or --yes"
        : "nothing was done: that was not '\(word)'")
    throw ExitStatus.tryAgain.code
  }
}
