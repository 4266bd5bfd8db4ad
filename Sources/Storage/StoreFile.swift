import CSQLite
import Foundation

/// What kind of files a store may live in (fault 8).
enum StoreFile {
  /// The database, its journal, and the memory that its users share.
  private static let suffixes = ["", "-wal", "-shm"]

  /// File systems over which machines do not share that memory, by `f_type` (statfs(2)): NFS, SMB, CIFS, SMB2, AFS, Ceph.
  private static let networks: Set<UInt32> = [
    0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x5346_414F, 0x00C3_6400,
  ]

  /// - Parameter type: of the file system that a folder is on; 0 when it cannot be told.
  /// - Throws: `StoreError.missing`, `.unsafeFile`, `.io`.
  static func check(_ path: String, mayCreate: Bool, type: (String) -> UInt32 = { csqlite_file_system($0) }) throws {
    let folder = URL(filePath: path).deletingLastPathComponent().path
    if networks.contains(type(folder)) {
      throw StoreError.unsafeFile("\(folder) is on a network; other machines' locks and journals would not be seen")
    }
    for suffix in suffixes {
      let isThere = try check(path + suffix)
      if suffix.isEmpty, !isThere, !mayCreate { throw StoreError.missing(path) }
    }
  }

  /// - Returns: whether there is such a file.
  private static func check(_ path: String) throws -> Bool {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      guard errno == ENOENT else { throw StoreError.io("\(path): \(String(cString: strerror(errno)))") }
      return false
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw StoreError.unsafeFile("\(path) is not a regular file; the lock files beside it would not protect it")
    }
    guard status.st_nlink == 1 else {
      throw StoreError.unsafeFile(
        "\(path) has \(status.st_nlink) names (hard links); two names do not share one journal")
    }
    return true
  }

  /// The number of a file; `nil` when there is none.
  static func number(of path: String) -> UInt64? {
    var status = stat()
    return lstat(path, &status) == 0 ? UInt64(status.st_ino) : nil
  }
}
