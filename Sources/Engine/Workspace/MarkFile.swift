import Foundation
import Storage

/// The other half of the workspace's mark: a small file beside the database that says which file the database is, on
/// which machine, and how far it had come.
struct MarkFile: Sendable {
  /// What the file says.
  struct Content: Sendable, Equatable {
    var token: String
    var database: FileIdentity
    var progress: Mark.Progress
  }

  private static let magic = "postroom mark 1"
  /// Where the progress stands: at a fixed place and of fixed length, so that it is changed by one small write.
  private static let progressOffset: off_t = 256
  let path: String

  /// - Returns: `nil` when there is no such file.
  /// - Throws: `FileProblem`; `EINVAL` for a file that is not whole.
  func read() throws -> Content? {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw FileProblem(path: path, code: errno)
    }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1_024)
    let count = Foundation.read(descriptor, &bytes, bytes.count)
    guard count >= 0 else { throw FileProblem(path: path, code: errno) }
    let lines = String(decoding: bytes[..<count], as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    guard lines.count >= 5, lines[0] == Self.magic, let inode = UInt64(lines[2]) else {
      throw FileProblem(path: path, code: EINVAL)
    }
    let numbers = lines.last { !$0.isEmpty }?.split(separator: " ").compactMap { Int64($0) } ?? []
    guard numbers.count == 2 else { throw FileProblem(path: path, code: EINVAL) }
    return Content(
      token: String(lines[1]), database: FileIdentity(inode: inode, machine: String(lines[3])),
      progress: Mark.Progress(attempts: numbers[0], auditRows: numbers[1]))
  }

  /// Writes all of it, durably. - Throws: `FileProblem`.
  func write(_ content: Content) throws {
    let head = "\(Self.magic)\n\(content.token)\n\(content.database.inode)\n\(content.database.machine)\n"
    let filling = max(0, Int(Self.progressOffset) - head.utf8.count - 1)
    let text = head + String(repeating: " ", count: filling) + "\n" + Self.text(content.progress)
    try PrivateFile.write(text, to: path)
    PrivateFile.syncFolder(of: path)
  }

  /// Moves the progress on. Not synced: after a loss of power an older one says less and nothing wrong.
  /// - Throws: `FileProblem`.
  func advance(_ progress: Mark.Progress) throws {
    let descriptor = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileProblem(path: path, code: errno) }
    defer { close(descriptor) }
    let bytes = Array(Self.text(progress).utf8)
    guard pwrite(descriptor, bytes, bytes.count, Self.progressOffset) == bytes.count else {
      throw FileProblem(path: path, code: errno)
    }
  }

  private static func text(_ progress: Mark.Progress) -> String {
    [progress.attempts, progress.auditRows].map { number in
      let digits = "\(number)"
      return String(repeating: "0", count: max(0, 19 - digits.utf8.count)) + digits
    }.joined(separator: " ") + "\n"
  }
}

/// Which file on which machine. The device's number is no part of it: it may change when the machine starts anew.
struct FileIdentity: Sendable, Equatable {
  var inode: UInt64
  /// Empty where the system has no machine-id.
  var machine: String

  init(inode: UInt64, machine: String) {
    self.inode = inode
    self.machine = machine
  }

  /// - Throws: `FileProblem`.
  init(of path: String) throws {
    var facts = stat()
    guard lstat(path, &facts) == 0 else { throw FileProblem(path: path, code: errno) }
    let text = (try? String(contentsOfFile: "/etc/machine-id", encoding: .utf8)) ?? ""
    self.init(inode: UInt64(facts.st_ino), machine: text.trimmingCharacters(in: .whitespacesAndNewlines))
  }
}
