import ArgumentParser
import Engine
import Foundation
import MailModel
import Storage

struct StopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop", abstract: "Emergency stop: nothing leaves this workspace any more.",
    discussion: """
      Writes the latch file first, which works while the database is locked or damaged, then the permit row. Returns \
      when the latch is on the disk, at the latest after 10 seconds of waiting for the row.
      """)

  @OptionGroup var global: GlobalOptions
  @Option(help: "Why.") var reason: String = ""
  @Flag(help: "One JSON object.") var json = false

  struct Record: Encodable {
    var latched: Bool
    var permitStopped: Bool
    var latchFile: String
  }

  func run() throws {
    // Nothing that is wrong with the configuration may keep anybody from stopping.
    let workspace = try? global.read()
    let latch = LatchFile(path: workspace?.latchPath ?? StateFolder.guess(global.folder).appending(path: "STOP").path)
    let operators = try? Operators(path: global.folder.appending(path: "operators").path)
    let actor = (operators ?? Operators.none).actor(
      user: Operators.systemUser(), host: ProcessInfo.processInfo.hostName,
      process: ProcessInfo.processInfo.processIdentifier)
    var problem: (any Error)?
    do { try latch.create(by: actor, reason: reason, at: nil) } catch { problem = error }
    let isRecorded = workspace.map { record(actor, $0) } ?? false
    try show(latch, isRecorded: isRecorded, problem: problem)
  }

  private func show(_ latch: LatchFile, isRecorded: Bool, problem: (any Error)?) throws {
    let isLatched = latch.isPresent()
    if json {
      try Output.json(Record(latched: isLatched, permitStopped: isRecorded, latchFile: latch.path))
    } else if isLatched || isRecorded {
      Output.line("stopped: " + (isLatched ? "\(latch.path) is there" : "the permit row says so"))
    }
    if let problem { Output.error("latch file: \(problem)") }
    if !isLatched, !isRecorded {
      Output.error(
        "NOT STOPPED: neither the latch file nor the permit row could be written. Run it as the workspace's owner or "
          + "as root, or end every engine (SIGTERM)")
      throw ExitStatus.fileTrouble.code
    }
    if !isRecorded {
      Output.error(
        "the permit row was not written (database locked or not readable); the latch alone stops every engine")
    }
  }

  private func record(_ actor: Actor, _ workspace: Workspace) -> Bool {
    let log = LogOutput.logger(level: "error", file: nil)
    guard let store = try? workspace.openStore() else { return false }
    // What the permit row says is compared with the workspace's time, also while the machine's clock is wrong (fault 11).
    let stop = EmergencyStop(
      store: store, latch: LatchFile(path: workspace.latchPath), clock: SteadyClock(of: store), log: log)
    stop.trip(by: actor, reason: reason)
    let isRecorded = stop.waitUntilDurable(timeout: .seconds(10))
    if isRecorded {
      stop.close()
      try? store.close()
    }
    return isRecorded
  }
}

/// Where the latch belongs when the configuration cannot be used.
private enum StateFolder {
  /// STATE_DIR as far as it can be read, else the workspace itself.
  static func guess(_ folder: URL) -> URL {
    let text = FileManager.default.contents(atPath: folder.appending(path: ".env").path).map {
      String(decoding: $0, as: UTF8.self)
    }
    let line = text?.split(whereSeparator: \.isNewline).last { $0.hasPrefix("STATE_DIR=") }
    let value =
      ProcessInfo.processInfo.environment["STATE_DIR"] ?? line.map { String($0.dropFirst("STATE_DIR=".count)) } ?? ""
    let path = value.trimmingCharacters(in: CharacterSet(charactersIn: "\"' "))
    if path.isEmpty { return folder }
    return path.hasPrefix("/") ? URL(filePath: path) : folder.appending(path: path)
  }
}

struct ResetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset", abstract: "Reset the emergency stop: READY. Nothing is sent until 'resume'.")

  @OptionGroup var global: GlobalOptions
  @Option(help: "The cause and what was done about it; kept in the audit log.") var reason: String
  @Flag(help: "Do not ask for the word RESET.") var yes = false
  @Flag(help: "One JSON object.") var json = false

  func run() throws {
    try global.with { open in
      try Performing(open, yes: yes, json: json).run("stop.reset", OperationRequest(arguments: ["reason": reason]))
    }
  }
}

struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Resume sending: 1, 10, 100 messages, then normally; each rung needs definite acceptances.")

  @OptionGroup var global: GlobalOptions
  @Option(help: "Why.") var reason: String = ""
  @Flag(help: "Do not ask.") var yes = false
  @Flag(help: "One JSON object.") var json = false

  func run() throws {
    try global.with { open in
      // A script has no terminal to be asked on, and what resumes is a ladder that trips by itself.
      let asks = isatty(STDIN_FILENO) == 1 && !yes
      try Performing(open, yes: !asks, json: json).run("stop.resume", OperationRequest(arguments: ["reason": reason]))
    }
  }
}

struct DoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "do", abstract: "Perform any operation of the list ('postroom operations').",
    discussion: "Example: postroom do account.restrict news@example.org --reason 'five complaints' --yes")

  @OptionGroup var global: GlobalOptions
  @Argument(help: "The operation's id.") var operation: String
  @Argument(help: "What to act on: row numbers, addresses, RUN/STEP.") var targets: [String] = []
  @Option(
    name: .customLong("matching"),
    help: "Instead of rows: every message that this filter lets through, such as 'state:held account:a@example.org'.")
  var filter: String?
  @Option(help: "Why.") var reason: String = ""
  @Option(name: .customLong("set"), help: "name=value for other arguments.") var settings: [String] = []
  @Flag(help: "Only say what it would do.") var preview = false
  @Flag(help: "Do not ask.") var yes = false
  @Flag(
    name: .customLong("break-glass"),
    help: "Do alone, now, what needs two people. Everybody sees it, and a second person reviews it afterwards.")
  var breakGlass = false
  @Flag(help: "One JSON object.") var json = false

  func run() throws {
    var arguments = ["reason": reason]
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw ValidationError("--set needs name=value") }
      arguments[parts[0]] = parts[1]
    }
    let request = OperationRequest(
      targets: targets.map { OperationRequest.Target(id: $0) }, arguments: arguments,
      matching: filter.map { OperationRequest.Matching($0) })
    try global.with { open in
      let performing = Performing(open, yes: yes, json: json)
      if preview { return try performing.preview(operation, request) }
      if breakGlass { try performing.openGlass(reason: reason) }
      try performing.run(operation, request)
    }
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

  /// - Returns: the request as it was previewed.
  func confirm(_ id: String, _ request: OperationRequest) throws -> OperationRequest {
    guard !yes, let operation = Engine.Operation.named(id),
      operation.confirmation != .none || request.matching != nil
    else { return request }
    let preview = try open.operations.preview(id, request)
    guard !preview.isEmpty else {
      for line in preview.lines { Output.note(line) }
      throw OperationRefusal.notNow("nothing was done: \(preview.summary)")
    }
    var request = request
    request.matching?.upTo = preview.upTo
    for line in [preview.summary] + preview.lines { Output.note(line) }
    let word: String
    switch operation.confirmation {
    case .typed(let typed): word = typed
    case .yesNo, .none: word = "yes"
    }
    guard Output.ask("\(operation.title): type \(word) to go on:") == word else {
      Output.error("nothing was done; \(id) needs a \(word) on the terminal, or --yes")
      throw ExitStatus.tryAgain.code
    }
    return request
  }
}
