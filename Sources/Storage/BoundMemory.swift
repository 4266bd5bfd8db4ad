/// Holds the values that are bound to a statement until it has run. Copies of SQLite's own would be a block of memory
/// each, asked for and given back.
///
/// Used by one thread. Whoever makes one frees it.
final class BoundMemory {
  private var size = 4 << 10
  private var block: UnsafeMutableRawPointer
  /// Where the next value goes, and how much room there is.
  private var next: UnsafeMutableRawPointer
  private var room: Int
  /// Those that are full.
  private var others: [UnsafeMutableRawPointer] = []

  init() {
    block = .allocate(byteCount: size, alignment: 1)
    (next, room) = (block, size)
  }

  /// - Returns: a copy, which stays where it is until ``clear()`` or ``free()``.
  func copy(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer {
    if bytes.count > room { grow(for: bytes.count) }
    let start = next
    if let source = bytes.baseAddress { start.copyMemory(from: source, byteCount: bytes.count) }
    next += bytes.count
    room -= bytes.count
    return UnsafeRawPointer(start)
  }

  private func grow(for count: Int) {
    others.append(block)
    size = max(2 * size, count)
    block = .allocate(byteCount: size, alignment: 1)
    (next, room) = (block, size)
  }

  /// Forgets all values; the largest block is kept for the next ones.
  func clear() {
    for other in others { other.deallocate() }
    others = []
    (next, room) = (block, size)
  }

  func free() {
    clear()
    block.deallocate()
  }
}
