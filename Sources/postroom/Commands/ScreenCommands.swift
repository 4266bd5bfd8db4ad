import ArgumentParser
import Engine
import Foundation
import MailModel

struct ConsoleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "console", abstract: "Open the console on a workspace.",
    discussion:
      "Watches and works the workspace; --engine also delivers and scans in this process. '!' is the emergency stop, '?' help."
  )

  @OptionGroup var global: GlobalOptions
  @OptionGroup var screen: ScreenFlags
  @Flag(help: "Also deliver and scan in this process.") var engine = false

  func run() throws {
    try ConsoleScreen.prepareProcess()
    let folder = try global.read().stateFolder
    let open = try global.open(logFile: folder.appending(path: "postroom.log").path)
    defer { open.close() }
    let running = engine ? try startEngine(open) : nil
    defer {
      if running != nil { noteWaiting(open) }
      running?.shutDown()
    }
    try ConsoleScreen.run(open, flags: screen)
  }

  /// What the terminal, where the screen is gone by now, is not given back for yet.
  private func noteWaiting(_ open: OpenWorkspace) {
    guard let armed = try? open.overview().queue[.armed], armed > 0 else { return }
    Output.note(
      "Waiting up to 30 s for the replies to \(Amount.words(armed, "message")); C-c ends now and leaves them in doubt.")
  }

  private func startEngine(_ open: OpenWorkspace) throws -> RunningEngine {
    let engine = try RunningEngine.connected(open, for: "console --engine")
    try engine.start()
    return engine
  }
}

struct RehearseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rehearse", abstract: "Open the console on a living rehearsal; nothing leaves this machine.",
    discussion: """
      A loopback relay and mailbox, a throw-away workspace, the engine and a few hundred demonstration recipients. What the \
      relay does is decided by the address, see docs/sandbox.md. Leaving it leaves nothing behind, unless DIR is named.
      """)

  @Argument(help: "A workspace folder to keep (default: a temporary one).") var folder: String?
  @OptionGroup var screen: ScreenFlags
  @Flag(help: "Without a screen, for --seconds; then print the status.") var headless = false
  @Option(help: "How long to run without a screen.") var seconds = 10.0

  func run() throws {
    if !headless { try ConsoleScreen.prepareProcess() }
    let rehearsal = try Rehearsal(folder: folder.map { URL(filePath: $0, directoryHint: .isDirectory) }, logFile: nil)
    defer { rehearsal.end() }
    try rehearsal.start()
    guard headless else { return try ConsoleScreen.run(rehearsal.open, flags: screen) }
    let signals = Signals(rehearsal.open)
    let end = Date().addingTimeInterval(seconds)
    while Date() < end, !signals.isEnding { Thread.sleep(forTimeInterval: 0.05) }
    try Output.json(StatusRecord(try rehearsal.open.overview(), rehearsal.open))
  }
}

struct ScreenFlags: ParsableArguments {
  @Option(help: "A theme of themes/: dark, light, mono.") var theme = "dark"
  @Flag(help: "Draw with ASCII only.") var ascii = false
}
