import Foundation

/// Files that only their owner may read, or the group that shares their folder (`SharedFolder`).
public enum PrivateFile {
  /// `open(2)`; what it makes has mode 0600, or that of `SharedFolder` in a shared one.
  ///
  /// - Returns: a descriptor, or -1 with `errno`.
  public static func open(_ path: String, _ flags: Int32) -> Int32 {
    let descriptor = Foundation.open(path, flags | O_CLOEXEC, 0o600)
    var status = stat()
    guard descriptor >= 0, flags & O_CREAT != 0, SharedFolder.group(of: folder(of: path)) != nil,
      fstat(descriptor, &status) == 0, status.st_uid == geteuid(), status.st_mode & 0o070 == 0
    else { return descriptor }
    // Not with the mode given to open(2): the umask would take the group's part away.
    fchmod(descriptor, SharedFolder.mode(of: path))
    return descriptor
  }

  /// Makes a folder, with those that lead to it, for whoever the folder around it is for. Keeps one that is there.
  /// - Throws: `FileProblem`.
  public static func makeFolder(_ path: String) throws {
    if FileManager.default.fileExists(atPath: path) { return }
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch let error as CocoaError { throw FileProblem(path: path, error) }
    if SharedFolder.group(of: folder(of: path)) != nil, chmod(path, 0o2770) != 0 {
      throw FileProblem(path: path, code: errno)
    }
  }

  private static func folder(of path: String) -> String { URL(filePath: path).deletingLastPathComponent().path }

  /// Creates or replaces `path` and syncs it.
  static func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

  static func write(_ bytes: [UInt8], to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw FileProblem(path: path, code: errno) }
    defer { close(descriptor) }
    var offset = 0
    while offset < bytes.count {
      let count = bytes[offset...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw FileProblem(path: path, code: errno)
      }
      offset += count
    }
    guard fsync(descriptor) == 0 else { throw FileProblem(path: path, code: errno) }
  }

  /// Makes the entries of a folder durable.
  static func syncFolder(of path: String) {
    let descriptor = open(folder(of: path), O_RDONLY | O_DIRECTORY)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

/// What the system said about a file.
public struct FileProblem: Error, Sendable, Equatable, CustomStringConvertible {
  public var path: String
  public var code: Int32
  /// What should be there, of a file that cannot be read.
  public var expected: String?

  public init(path: String, code: Int32, expected: String? = nil) {
    self.path = path
    self.code = code
    self.expected = expected
  }

  /// What the system said about making or changing something.
  init(path: String, _ error: CocoaError) {
    self.init(path: path, code: (error.underlying as? POSIXError)?.code.rawValue ?? EIO)
  }

  public var description: String {
    let said = String(cString: strerror(code))
    return expected.map { "\(path): cannot be read: \(said); expected \($0)" } ?? "\(path): \(said)"
  }
}
