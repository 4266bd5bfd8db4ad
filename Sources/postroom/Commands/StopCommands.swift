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
    let reading = Result { try global.read() }
    let workspace = try? reading.get()
    let latch = LatchFile(path: workspace?.latchPath ?? StateFolder.guess(global.folder).appending(path: "STOP").path)
    let operators = try? Operators(path: global.folder.appending(path: "operators").path)
    let actor = (operators ?? Operators.none).actor(
      user: Operators.systemUser(), host: ProcessInfo.processInfo.hostName,
      process: ProcessInfo.processInfo.processIdentifier)
    var problem: (any Error)?
    do { try latch.create(by: actor, reason: reason, at: nil) } catch { problem = error }
    let isRecorded = workspace.map { record(actor, $0) } ?? false
    var obstacle = "database locked, not readable, or its disk full"
    if case .failure(let error) = reading { obstacle = "\(error)" }
    try show(latch, unrecorded: isRecorded ? nil : obstacle, problem: problem)
  }

  /// - Parameter obstacle: why the permit row was not written; `nil` when it was.
  private func show(_ latch: LatchFile, unrecorded obstacle: String?, problem: (any Error)?) throws {
    // A latch beside no store is one that no engine looks at: a wrong folder, most likely.
    let store = URL(filePath: latch.path).deletingLastPathComponent().appending(path: "postroom.sqlite").path
    let isWorkspace = FileManager.default.fileExists(atPath: store)
    let (isLatched, isRecorded) = (latch.isPresent() && isWorkspace, obstacle == nil)
    if json {
      try Output.json(Record(latched: isLatched, permitStopped: isRecorded, latchFile: latch.path))
    } else if isLatched || isRecorded {
      Output.line("stopped: " + (isLatched ? "\(latch.path) is there" : "the permit row says so"))
    }
    if let problem { Output.error("latch file: \(problem)") }
    if !isWorkspace, !isRecorded, problem == nil {
      Output.error(
        "NOT STOPPED: there is no \(store), so no engine looks at \(latch.path). Name the workspace: postroom "
          + "--workspace DIR stop; or end every engine (SIGTERM)" + (obstacle.map { " (\($0))" } ?? ""))
      throw ExitStatus.configuration.code
    }
    if !isLatched, !isRecorded {
      Output.error(
        "NOT STOPPED: neither the latch file nor the permit row could be written. Run it as the workspace's owner or "
          + "as root, or end every engine (SIGTERM)")
      throw ExitStatus.fileTrouble.code
    }
    if let obstacle {
      Output.error("the permit row was not written (\(obstacle)); the latch alone stops every engine")
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
    // What does not end keeps the store open until the process ends.
    if isRecorded, stop.close() { try? store.close() }
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
    // Line by line: one that is wrong keeps the others from nothing.
    let entries = text?.split(whereSeparator: \.isNewline).compactMap { try? DotEnv(parsing: String($0), file: "") }
    let line = entries?.flatMap(\.entries).last { $0.key == "STATE_DIR" }
    let path = ProcessInfo.processInfo.environment["STATE_DIR"] ?? line?.value ?? ""
    if path.isEmpty { return folder }
    return path.hasPrefix("/") ? URL(filePath: path) : folder.appending(path: path)
  }
}

struct ResetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset", abstract: "Reset the emergency stop: READY. Nothing is sent until 'resume'.")

  @OptionGroup var global: GlobalOptions
  @Option(help: "The cause and what was done about it; kept in the audit log.") var reason: String
  @OptionGroup var performing: PerformingOptions

  func run() throws {
    try global.with { try performing.perform("stop.reset", OperationRequest(arguments: ["reason": reason]), in: $0) }
  }
}

struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Resume sending: 1, 10, 100 messages, then normally; each rung needs definite acceptances.")

  @OptionGroup var global: GlobalOptions
  @Option(help: "Why.") var reason: String = ""
  @OptionGroup var performing: PerformingOptions

  func run() throws {
    var performing = performing
    // A script has no terminal to be asked on, and what resumes is a ladder that trips by itself.
    if isatty(STDIN_FILENO) == 0 { performing.yes = true }
    try global.with { try performing.perform("stop.resume", OperationRequest(arguments: ["reason": reason]), in: $0) }
  }
}
