import Foundation

/// A file that is open for reading, until its last user lets go of it. Errors are in the system's words: whoever has no
/// free descriptor must not be told that a file is missing or damaged.
struct OpenFile {
  private let path: String
  private let expected: String
  private let handle: FileHandle

  /// `nil` when there is no such file.
  /// - Parameter expected: what an error says should be there.
  /// - Throws: `FileProblem`.
  init?(_ path: String, expected: String) throws(FileProblem) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw OpenFile.problem(path, errno, expected)
    }
    self.path = path
    self.expected = expected
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// - Throws: `FileProblem`, also when there is no such file.
  static func opened(_ path: String, expected: String) throws(FileProblem) -> OpenFile {
    guard let file = try OpenFile(path, expected: expected) else { throw problem(path, ENOENT, expected) }
    return file
  }

  /// The next bytes; empty at the end.
  func read(atMost limit: Int) throws(FileProblem) -> [UInt8] {
    while true {
      var count = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
        count = Foundation.read(handle.fileDescriptor, buffer.baseAddress, limit)
        filled = max(0, count)
      }
      if count >= 0 { return bytes }
      let code = errno
      if code != EINTR { throw OpenFile.problem(path, code, expected) }
    }
  }

  private static func problem(_ path: String, _ code: Int32, _ expected: String) -> FileProblem {
    FileProblem(path: path, code: code, expected: expected)
  }
}
