import Foundation
import Glibc
import TestSupport

/// A terminal (tmux) with a shell in it, driven by keys and read as text.
final class TerminalSession: Sendable {
  private static let tmux = "/usr/bin/tmux"
  /// Marks every process that is started in this terminal.
  let mark = "STORY_MARK=\(UUID().uuidString)"
  private let socket: String
  private let folder: TemporaryFolder

  /// - Parameter environment: what the shell finds besides its own.
  init(columns: Int = 80, rows: Int = 24, environment: [String: String] = [:]) throws {
    folder = try TemporaryFolder()
    socket = "\(folder.path)/tmux"
    let variables = StoryWorkspace.environment.merging(["PS1": "ready> "]) { $1 }
      .merging(environment) { $1 }
    let words = variables.map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
    let settings = try folder.write(
      "shell", "#!/bin/sh\nexec env -i \(words) \(mark) TERM=\"$TERM\" bash --norc --noprofile -i\n", mode: 0o755)
    try Command.run(
      Self.tmux, "-S", socket, "-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", settings)
    try tmux("set-option", "-g", "window-size", "manual")
    guard waitFor("ready>") else { throw TestServerError("no shell: \(screen)") }
  }

  deinit { _ = try? tmux("kill-server") }

  /// Types keys by tmux's names, such as `Enter`, `C-z`, `q`.
  func press(_ keys: String...) throws { for key in keys { try tmux("send-keys", key) } }

  /// Types text as it is, then Enter.
  func line(_ text: String) throws {
    try tmux("send-keys", "-l", text)
    try tmux("send-keys", "Enter")
  }

  func resize(columns: Int, rows: Int) throws {
    try tmux("resize-window", "-x", "\(columns)", "-y", "\(rows)")
  }

  /// The visible text.
  var screen: String { (try? tmux("capture-pane", "-p")) ?? "" }

  /// Whether the alternate screen is on.
  var isAlternate: Bool {
    ((try? tmux("display-message", "-p", "#{alternate_on}")) ?? "").hasPrefix("1")
  }

  func waitFor(_ text: String, seconds: Double = 60) -> Bool { wait(seconds: seconds) { $0.contains(text) } }

  func wait(seconds: Double = 60, until condition: (String) -> Bool) -> Bool {
    let end = Date().addingTimeInterval(seconds)
    repeat { if condition(screen) { return true } } while Date() < end
    return false
  }

  /// Everything that is written to the terminal from now on, escape sequences and all.
  func record() throws -> String {
    let file = "\(folder.path)/record"
    try tmux("pipe-pane", "-o", "cat > \(file)")
    return file
  }

  /// Processes of the binary under test that were started here and still run.
  var programs: [pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.filter { pid in
      let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/exe")
      guard target == StoryWorkspace.binary else { return false }
      let environment = FileManager.default.contents(atPath: "/proc/\(pid)/environ") ?? Data()
      return environment.range(of: Data(mark.utf8)) != nil
    }
  }

  /// Runs a command in the shell and returns what it printed.
  func shell(_ command: String) throws -> String {
    let file = "\(folder.path)/result"
    unlink(file)
    try line("{ \(command); } > \(file).part 2>&1; mv \(file).part \(file)")
    guard TestEnvironment.wait(until: { FileManager.default.fileExists(atPath: file) }) else {
      throw TestServerError("\(command) does not end: \(screen)")
    }
    return String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
  }

  @discardableResult
  private func tmux(_ arguments: String...) throws -> String {
    let program = try Program(Self.tmux, ["-S", socket] + arguments, environment: StoryWorkspace.environment)
    guard program.wait() == .exited(0) else { throw TestServerError("tmux: \(program.said)") }
    return program.output
  }
}
