import Foundation
import MailModel
import Storage
import Synchronization

/// What this engine's connections put on record around each final dot, in memory that outlives the process.
///
/// A file of fixed size, mapped and shared: a store into it survives any kind of death of the process, and costs no
/// system call. It does not survive the machine, so it counts only while the machine has not started anew. After a crash
/// `DotEvidence` reads it: an armed message that is not in it had no final dot, one with a reply has its outcome, and only
/// what stands there without a reply is in doubt: one message for each connection (DESIGN §4, obligation d).
final class DotJournal: Sendable {
  /// Entries that can be open at once; far more than messages can be armed or waiting for their commit.
  static let capacity = 1 << 14

  let path: String
  private let descriptor: Int32
  private let next = Atomic<Int>(0)
  /// Safe to share: every entry is written by the one connection that drew its number, and read only after a crash.
  private nonisolated(unsafe) let base: UnsafeMutableRawPointer

  /// - Throws: `FileProblem` when the file cannot be made in full; without it nothing may be armed ahead.
  init(folder: URL, owner: String) throws {
    try PrivateFile.makeFolder(folder.path)
    path = folder.appending(path: DotEntry.fileName(owner: owner)).path
    descriptor = try DotJournal.locked(path)
    let size = DotEntry.headerSize + DotJournal.capacity * DotEntry.size
    // Taken from the disk now: a page that finds no room later would kill the process instead of failing a call.
    let code = posix_fallocate(descriptor, 0, off_t(size))
    let header = DotEntry.header(owner: owner, descriptor: descriptor)
    guard code == 0, let header,
      let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), memory != MAP_FAILED
    else {
      let reason = code == 0 ? errno : code
      unlink(path)
      close(descriptor)
      throw FileProblem(path: path, code: reason)
    }
    base = memory
    UnsafeMutableRawBufferPointer(start: memory, count: size).copyBytes(from: header)
    // Every page is touched now: a fault in the middle of sending costs as much as the dot's own write.
    for offset in stride(from: DotEntry.headerSize, to: size, by: 4_096) {
      memory.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self)
    }
  }

  /// A new file that holds its lock. Whoever tidies up may have found it before it was locked, and removed it.
  private static func locked(_ path: String) throws -> Int32 {
    for _ in 0..<10 {
      let descriptor = PrivateFile.open(path, O_RDWR | O_CREAT | O_EXCL)
      guard descriptor >= 0 else { throw FileProblem(path: path, code: errno) }
      var status = stat()
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &status) == 0, status.st_nlink > 0 {
        return descriptor
      }
      unlink(path)
      close(descriptor)
    }
    throw FileProblem(path: path, code: EAGAIN)
  }

  deinit {
    munmap(base, DotEntry.headerSize + DotJournal.capacity * DotEntry.size)
    close(descriptor)
  }

  /// Puts it on record that the final dot of `lease` may go out from now on.
  /// - Returns: the entry's number, for `conclude`.
  func begin(_ lease: Lease, now: Timestamp) -> Int {
    let number = next.add(1, ordering: .relaxed).oldValue & (DotJournal.capacity - 1)
    DotEntry.begin(lease, now: now, at: entry(number))
    return number
  }

  /// Puts on record what became of it; without a reply only that no dot went out.
  func conclude(_ number: Int, _ conclusion: DotConclusion) { DotEntry.conclude(conclusion, at: entry(number)) }

  private func entry(_ number: Int) -> UnsafeMutableRawPointer {
    base + DotEntry.headerSize + number * DotEntry.size
  }

  /// Nothing of it is needed any more.
  func remove() { unlink(path) }
}
