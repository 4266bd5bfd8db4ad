import CNcurses
import Glibc

/// A file in memory that ncurses writes to, so that a frame is one write of ours instead of many of its own.
struct MemoryFile {
  let descriptor: Int32

  /// - Throws: ``TerminalError/system(call:code:)``
  init() throws(TerminalError) {
    descriptor = file_in_memory()
    guard descriptor >= 0 else { throw .system(call: "memfd_create", code: errno) }
  }

  /// Makes another descriptor refer to this file.
  func replace(_ other: Int32) { _ = dup3(descriptor, other, O_CLOEXEC) }

  /// What was written since the last call.
  func take() -> [UInt8] {
    let length = lseek(descriptor, 0, SEEK_CUR)
    guard length > 0 else { return [] }
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
      count = max(0, pread(descriptor, buffer.baseAddress, Int(length), 0))
    }
    _ = ftruncate(descriptor, 0)
    _ = lseek(descriptor, 0, SEEK_SET)
    return bytes
  }
}
