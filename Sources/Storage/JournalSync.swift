import Foundation
import Synchronization

extension Store {
  /// Makes durable what was committed as ``WriteLoad/bulk``; any other commit does the same.
  ///
  /// SQLite would sync its journal before such a commit returns, and the thread that writes would wait for the disk.
  /// - Throws: `StoreError`; as after any sync that failed, nothing is written any more.
  public func sync() throws {
    try sync("\(path)-wal")
    // The journal may have been made when this store was opened, and stays from then on.
    guard !isFolderSynced.load(ordering: .acquiring) else { return }
    let folder = (path as NSString).deletingLastPathComponent
    try sync(folder.isEmpty ? "." : folder)
    isFolderSynced.store(true, ordering: .releasing)
  }

  private func sync(_ place: String) throws {
    if let syncFailure { throw StoreError.syncFailed(syncFailure) }
    let descriptor = open(place, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StoreError.io("\(place): \(String(cString: strerror(errno)))") }
    if fdatasync(descriptor) != 0 { SyncFailure.note("\(place): fsync: \(String(cString: strerror(errno)))") }
    Glibc.close(descriptor)
    if let syncFailure { throw StoreError.syncFailed(syncFailure) }
  }
}
