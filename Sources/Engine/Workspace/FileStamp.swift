import Foundation

/// What a file looks like from outside: another stamp means that it changed.
struct FileStamp: Equatable {
  private let path: String
  private var inode: UInt64 = 0
  private var size: Int64 = 0
  private var changed: [Int] = []

  /// A file that cannot be asked has a stamp of its own.
  init(_ file: URL) {
    path = file.path
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    inode = UInt64(status.st_ino)
    size = Int64(status.st_size)
    changed = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
  }
}
