import Foundation

/// Whole files of the workspace and of `data/`.
enum WholeFile {
  /// - Throws: `ConfigurationError` in the system's words: whoever has no free descriptor must not be told that a file is
  ///   damaged.
  static func read(_ path: String, expected: String) throws(ConfigurationError) -> Data {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let reason = String(cString: strerror(errno))
      throw ConfigurationError(place: .init(file: path), problem: "cannot be read: \(reason)", expected: expected)
    }
    defer { close(descriptor) }
    do {
      return try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).readToEnd() ?? Data()
    } catch {
      throw ConfigurationError(place: .init(file: path), problem: "cannot be read: \(error)", expected: expected)
    }
  }
}
