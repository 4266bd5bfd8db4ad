import Foundation
public import MailModel

/// The first channel of the emergency stop: a file beside the database. Its presence stops everything; `touch` works.
public struct LatchFile: Sendable {
  public let path: String

  /// Scalars; the audit log has all of it.
  private static let longestReason = 1_000
  /// Bytes. What `create` writes is shorter, even if JSON escapes every scalar of it.
  private static let longestNote = 16_384

  public init(path: String) { self.path = path }

  /// One `stat`. Anything but a clear "there is no such file" counts as latched.
  public func isPresent() -> Bool {
    var status = stat()
    guard lstat(path, &status) != 0 else { return true }
    return errno != ENOENT
  }

  /// When it was made or written to last, by the machine's clock; `nil` when it cannot be told.
  public func writtenAt() -> Timestamp? {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    return Timestamp(microseconds: Int64(status.st_mtim.tv_sec) * 1_000_000 + Int64(status.st_mtim.tv_nsec) / 1_000)
  }

  /// Creates the file durably; keeps one that is there already.
  ///
  /// - Parameter now: `nil` where the workspace's time is not known, because the store is not waited for.
  /// - Throws: `FileProblem`.
  public func create(by actor: Actor, reason: String, at now: Timestamp?) throws {
    if isPresent() { return }
    // Whoever gives a whole log as the reason must not make the note too long to be read.
    let reason = String(String.UnicodeScalarView(reason.unicodeScalars.prefix(LatchFile.longestReason)))
    var note = ["by": actor.name, "reason": reason]
    note["at"] = now.map { "\($0.microseconds)" }
    let text = (try? JSONEncoder().encode(note)).flatMap { String(data: $0, encoding: .utf8) } ?? ""
    try PrivateFile.write(text + "\n", to: path)
    PrivateFile.syncFolder(of: path)
  }

  /// - Throws: `FileProblem` when it is still there afterwards.
  func remove() throws {
    guard unlink(path) == 0 || errno == ENOENT else { throw FileProblem(path: path, code: errno) }
    PrivateFile.syncFolder(of: path)
  }

  /// Who latched it and why, when the file says so. Whoever can write here can write anything: text from outside.
  public func note() -> (by: String, reason: String)? {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: LatchFile.longestNote)
    let count = read(descriptor, &bytes, bytes.count)
    guard count > 0, count < bytes.count, case let data = Data(bytes[..<count]),
      let note = try? JSONDecoder().decode([String: String].self, from: data)
    else { return nil }
    return (note["by"] ?? "unknown", note["reason"] ?? "")
  }
}
