import Foundation
import Glibc
import Synchronization

/// Runs programs for tests.
public enum Command {
  /// Runs a program to its end.
  ///
  /// - Returns: what it wrote to standard output and error.
  /// - Throws: ``TestServerError`` when it cannot start or does not exit with 0.
  @discardableResult
  public static func run(_ path: String, _ arguments: String...) throws -> String {
    // A file, not a pipe: a daemon keeps its descriptors, and a pipe would never end. Not Foundation's `Process`
    // either: it waits for every heir of a socket, and passes on a signal mask with which Dovecot never ends.
    let name = "/tmp/postroom-output-\(getpid())-\(serial.add(1, ordering: .relaxed).newValue)"
    defer { unlink(name) }
    let status = try spawn([path] + arguments, output: name)
    let output = (try? String(contentsOfFile: name, encoding: .utf8)) ?? ""
    guard status == 0 else {
      throw TestServerError("\(path) \(arguments.joined(separator: " ")): \(status): \(output)")
    }
    return output
  }

  private static let serial = Atomic<Int>(0)

  private static func spawn(_ words: [String], output: String) throws -> Int32 {
    Inheritance.forbid()
    var files = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&files)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&files)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&files, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&files, 1, 2)
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var child = pid_t()
    let result = posix_spawn(&child, words[0], &files, &attributes, &arguments, environ)
    guard result == 0 else { throw TestServerError("\(words[0]) does not start: error \(result)") }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }
}

/// What must be undone when the test process ends, even if a test forgets or traps an expectation.
enum Cleanup {
  private static let tasks = Mutex<[Int: @Sendable () -> Void]>([:])
  /// Never given twice: who undoes something once more must not undo another's.
  private static let lastNumber = Atomic<Int>(0)
  private static let registered: Bool = {
    atexit { Cleanup.runAll() }
    return true
  }()

  /// - Returns: a number for ``run(_:)``.
  static func add(_ task: @escaping @Sendable () -> Void) -> Int {
    _ = registered
    let number = lastNumber.add(1, ordering: .relaxed).newValue
    tasks.withLock { $0[number] = task }
    return number
  }

  static func run(_ number: Int) { tasks.withLock { $0.removeValue(forKey: number) }?() }

  private static func runAll() {
    // Later servers may stand on earlier ones.
    for number in tasks.withLock({ $0.keys.sorted(by: >) }) { run(number) }
  }
}

/// A folder that exists as long as its value.
public final class TemporaryFolder: Sendable {
  public let path: String
  private let cleanup: Int

  public init() throws {
    var template = Array("/tmp/postroom-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw TestServerError("no temporary folder: errno \(errno)") }
    let path = String(cString: made)
    // Servers drop their rights to users of their own.
    chmod(path, 0o755)
    self.path = path
    cleanup = Cleanup.add { try? FileManager.default.removeItem(atPath: path) }
  }

  deinit { Cleanup.run(cleanup) }

  /// Writes a file and returns its path.
  @discardableResult
  public func write(_ name: String, _ text: String, mode: Int = 0o644) throws -> String {
    let file = "\(path)/\(name)"
    try text.write(toFile: file, atomically: false, encoding: .utf8)
    chmod(file, mode_t(mode))
    return file
  }

  /// Makes a folder inside and returns its path.
  @discardableResult
  public func folder(_ name: String, owner: String? = nil) throws -> String {
    let folder = "\(path)/\(name)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    if let owner { try Command.run("/bin/chown", owner, folder) }
    return folder
  }
}
