import Foundation

/// What kind of file a store may live in (fault 8).
enum StoreFile {
  /// - Throws: `StoreError.missing`, `.unsafeFile`.
  static func check(_ path: String, mayCreate: Bool) throws {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      guard errno == ENOENT else { throw StoreError.io("\(path): \(String(cString: strerror(errno)))") }
      guard mayCreate else { throw StoreError.missing(path) }
      return
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw StoreError.unsafeFile("\(path) is not a regular file; the lock files beside it would not protect it")
    }
    guard status.st_nlink == 1 else {
      throw StoreError.unsafeFile(
        "\(path) has \(status.st_nlink) names (hard links); two names do not share one journal")
    }
  }
}
