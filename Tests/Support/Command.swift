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
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw TestServerError("\(path) \(arguments.joined(separator: " ")): \(process.terminationStatus): \(output)")
    }
    return output
  }
}

/// What must be undone when the test process ends, even if a test forgets or traps an expectation.
enum Cleanup {
  private static let tasks = Mutex<[Int: @Sendable () -> Void]>([:])
  private static let registered: Bool = {
    atexit { Cleanup.runAll() }
    return true
  }()

  /// - Returns: a number for ``run(_:)``.
  static func add(_ task: @escaping @Sendable () -> Void) -> Int {
    _ = registered
    return tasks.withLock { tasks in
      let number = (tasks.keys.max() ?? 0) + 1
      tasks[number] = task
      return number
    }
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
