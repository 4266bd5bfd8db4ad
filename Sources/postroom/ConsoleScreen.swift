import Console
import Engine
import Foundation
import TerminalNcurses
import TerminalUI

/// The console on the real terminal, on the program's main thread.
enum ConsoleScreen {
  /// What a crash prints must not wait for a key on a screen that is gone; the runtime reads this only at its start, so
  /// the program starts itself again once.
  static func prepareProcess() throws {
    let name = "SWIFT_BACKTRACE"
    guard ProcessInfo.processInfo.environment[name] == nil else { return }
    setenv(name, "interactive=no,color=no", 1)
    var arguments: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) }
    arguments.append(nil)
    execv("/proc/self/exe", arguments)
    // Going on without it is better than not starting.
    for argument in arguments { free(argument) }
  }

  /// Blocks until the console is left.
  /// - Throws: `TerminalError` for a terminal that cannot hold a screen, and an error for a theme that does not exist.
  static func run(_ open: OpenWorkspace, flags: ScreenFlags) throws {
    let (keymap, keymapMistake) = try keymap(open)
    let (theme, themeMistake) = try theme(flags.theme, open)
    let signals = Signals(open, endsOn: [])
    defer { withExtendedLifetime(signals) {} }
    let wakeup = try Wakeup()
    var options = ScreenOptions()
    options.forcesASCII = flags.ascii
    let errors = open.workspace.stateFolder.appending(path: "console-errors.log").path
    // Made here, so that it is for the group where the workspace is shared with one.
    close(PrivateFile.open(errors, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW))
    options.standardErrorPath = errors
    let terminal = try NcursesTerminal(options: options, wakeup: wakeup)
    defer { terminal.close() }
    try ConsoleLoop.run(
      terminal: terminal, open: open, keymap: keymap, theme: theme,
      notice: [keymapMistake, themeMistake].filter { !$0.isEmpty }.joined(separator: "; "),
      loadTheme: { try ThemeFile.read($0, workspace: open.workspace.folder) }, scan: scan(open),
      wake: { wakeup.signal() })
  }

  /// The workspace's keymap; the one that is shipped, and why, where that cannot be read: a slip of the pen must not keep
  /// anybody from the emergency stop.
  private static func keymap(_ open: OpenWorkspace) throws -> (Keymap, mistake: String) {
    do { return (try KeymapFile.read(nil, workspace: open.workspace.folder), "") } catch {
      return (try KeymapFile.read(nil), "The keys are those that are shipped: \(firstIssue(error))")
    }
  }

  /// The theme; the one that is shipped, and why, where a file of the workspace has mistakes.
  private static func theme(_ name: String, _ open: OpenWorkspace) throws -> (Theme, mistake: String) {
    do { return (try ThemeFile.read(name, workspace: open.workspace.folder), "") } catch let error
      as TerminalUI.ConfigurationError
    {
      return (
        try ThemeFile.read("dark", workspace: nil), "The colours are those that are shipped: \(firstIssue(error))"
      )
    }
  }

  private static func firstIssue(_ error: any Error) -> String {
    (error as? TerminalUI.ConfigurationError)?.issues.first?.description ?? "\(error)"
  }

  /// `nil` when there is no mailbox to read.
  private static func scan(_ open: OpenWorkspace) -> ScanAction? {
    if (try? IMAPReportMailbox.all(open))?.isEmpty ?? false { return nil }
    return { report in
      if let refusal = open.scanRefusal { throw refusal }
      let mailboxes = try IMAPReportMailbox.all(open)
      let round = open.scanAll(mailboxes, keepsUnseen: false, progress: report)
      if !round.failures.isEmpty { throw ScanTrouble(round: round, count: mailboxes.count) }
      return round.words
    }
  }
}

/// Mailboxes that could not be read to their end, and what came of the scan all the same.
private struct ScanTrouble: Error, CustomStringConvertible {
  var round: ScanRound
  var count: Int

  var description: String {
    let problems = round.failures.map(\.description).joined(separator: "; ")
    guard round.failures.count < count || round.summary.fetched > 0 else { return problems }
    let end = problems.hasSuffix(".") ? "" : "."
    return "\(problems)\(end) In all \(round.words)"
  }
}

/// Themes by name.
enum ThemeFile {
  /// - Throws: TerminalUI's `ConfigurationError` with every line that is wrong.
  /// - Parameter workspace: `nil` reads what is shipped only.
  static func read(_ name: String, workspace: URL?) throws -> Theme {
    let text = try source(name, workspace: workspace)
    return try Theme(parsing: text, name: name, file: "themes/\(name).conf", roles: roles()) { parent in
      try? source(parent, workspace: workspace)
    }
  }

  /// The default theme that is shipped names every role there is.
  private static func roles() throws -> Set<String> {
    try Theme(parsing: source("dark", workspace: nil), name: "dark").roles
  }

  private static func source(_ name: String, workspace: URL?) throws -> String {
    let isPlain = !name.isEmpty && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    guard isPlain, let url = Resources.file("themes/\(name).conf", workspace: workspace),
      let text = try? Input.text(of: url.path)
    else {
      throw Engine.ConfigurationError(
        place: .init(file: "themes/\(name).conf"), problem: "there is no such theme",
        expected: "dark, light, mono, or the name of a file NAME.conf of yours in themes/ of the workspace")
    }
    return text
  }
}
