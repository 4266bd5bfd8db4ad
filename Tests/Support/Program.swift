public import Foundation
import Glibc
import Synchronization

/// A program under test as a process of its own: output in files, ended with its group at the latest with this value.
public final class Program: Sendable {
  /// How a process ended.
  public enum Ending: Sendable, Equatable {
    case exited(Int32)
    case killed(signal: Int32)
  }

  public let pid: pid_t
  /// The argument vector as the system shows it to everybody, read right after the start.
  public let commandLine: String
  private let files: (output: String, errors: String)
  private let folder: TemporaryFolder
  private let ending = Mutex<Ending?>(nil)

  /// Starts `path` in a process group of its own.
  ///
  /// - Parameter environment: all of it; nothing is inherited.
  /// - Throws: ``TestServerError`` when it cannot be started.
  public init(_ path: String, _ arguments: [String], environment: [String: String]) throws {
    folder = try TemporaryFolder()
    files = ("\(folder.path)/output", "\(folder.path)/errors")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, files.output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, files.errors, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
    var arguments: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in arguments + variables { free(text) } }
    Inheritance.forbid()
    var started = pid_t()
    let result = posix_spawn(&started, path, &actions, &attributes, &arguments, &variables)
    guard result == 0 else { throw TestServerError("\(path) does not start: \(String(cString: strerror(result)))") }
    pid = started
    let shown = FileManager.default.contents(atPath: "/proc/\(started)/cmdline") ?? Data()
    commandLine = String(decoding: shown.map { $0 == 0 ? 0x20 : $0 }, as: UTF8.self)
  }

  deinit {
    guard ended() == nil else { return }
    kill(-pid, SIGKILL)
    waitpid(pid, nil, 0)
  }

  public var output: String { Self.text(files.output) }
  public var errors: String { Self.text(files.errors) }
  /// Both streams, for the message of an expectation.
  public var said: String { output + errors }

  /// The state letter of `/proc/PID/stat`, such as `T` for stopped.
  public var state: Character? {
    let text = String(decoding: FileManager.default.contents(atPath: "/proc/\(pid)/stat") ?? Data(), as: UTF8.self)
    return text.range(of: ") ").flatMap { text[$0.upperBound...].first }
  }

  public func signal(_ number: Int32) { kill(pid, number) }

  /// How it ended, or `nil` while it runs.
  public func ended() -> Ending? {
    ending.withLock { ending in
      if ending != nil { return ending }
      var status: Int32 = 0
      guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
      let number = status & 0x7F
      ending = number == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: number)
      return ending
    }
  }

  /// Waits for its end.
  ///
  /// - Returns: `nil` when it still ran after `seconds`; it is killed then, so that the test goes on.
  public func wait(seconds: Double = 60) -> Ending? {
    if TestEnvironment.wait(seconds: seconds, until: { ended() != nil }) { return ended() }
    kill(-pid, SIGKILL)
    _ = TestEnvironment.wait(seconds: 5) { ended() != nil }
    return nil
  }

  /// Kills it without notice and waits until it is gone.
  public func killNow() {
    kill(-pid, SIGKILL)
    _ = TestEnvironment.wait(seconds: 5) { ended() != nil }
  }

  private static func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }
}
