import CCurl
import Glibc
import MailModel

/// Why bytes could not be exchanged.
enum StreamFault: Error, Equatable {
  case closed(String)
  case timedOut
  /// Another thread interrupted, or the message's gate closed.
  case stopped
}

/// What one attempt to write gave. A write that failed part of the way is not told apart from one that did not start:
/// over TLS nobody can know.
enum WriteStep: Equatable {
  case wrote(Int)
  case wouldBlock
  case failed(String)
}

/// How long a wait may last and what else may end it.
struct Patience {
  var deadline: Timestamp
  /// Asked at least every 25 ms while waiting.
  var gate: (any DotGate)?
  /// `false` past the final dot: the wait then only ends early at the interrupter's bound for dots.
  var isInterruptible = true
}

extension CurlConnection {
  /// One attempt to write; does not wait.
  func write(_ bytes: UnsafeRawBufferPointer) -> WriteStep {
    var count = 0
    let result = curl_easy_send(handle, bytes.baseAddress, bytes.count, &count)
    if result == CURLE_OK { return count > 0 ? .wrote(count) : .wouldBlock }
    return result == CURLE_AGAIN ? .wouldBlock : .failed(String(cString: curl_easy_strerror(result)))
  }

  /// Writes all bytes.
  func writeAll(_ bytes: UnsafeRawBufferPointer, _ patience: Patience) throws(StreamFault) {
    var sent = 0
    while sent < bytes.count {
      switch write(UnsafeRawBufferPointer(rebasing: bytes[sent...])) {
      case .wrote(let count): sent += count
      case .wouldBlock: try wait(for: Int16(POLLOUT), patience)
      case .failed(let reason): throw .closed(reason)
      }
    }
  }

  /// Whether the system keeps what is written until a packet is full, or two tenths of a second have passed.
  func holdBack(_ isHeld: Bool) {
    var value: Int32 = isHeld ? 1 : 0
    // Only a matter of packets: without it everything is sent just the same.
    _ = setsockopt(socket, Int32(IPPROTO_TCP), TCP_CORK, &value, socklen_t(MemoryLayout<Int32>.size))
  }

  /// One attempt to read; does not wait.
  ///
  /// - Returns: bytes read, `0` when none are there.
  func readAvailable(into buffer: UnsafeMutableRawBufferPointer) throws(StreamFault) -> Int {
    var count = 0
    let result = curl_easy_recv(handle, buffer.baseAddress, buffer.count, &count)
    if result == CURLE_AGAIN { return 0 }
    guard result == CURLE_OK else { throw .closed(String(cString: curl_easy_strerror(result))) }
    guard count > 0 else { throw .closed("the server closed the connection") }
    return count
  }

  /// Reads at least one byte, waiting for it.
  func read(into buffer: UnsafeMutableRawBufferPointer, _ patience: Patience) throws(StreamFault) -> Int {
    // Only TLS can hold bytes that the socket does not show as readable.
    if !isEncrypted { try wait(for: Int16(POLLIN), patience) }
    while true {
      let count = try readAvailable(into: buffer)
      if count > 0 { return count }
      try wait(for: Int16(POLLIN), patience)
    }
  }

  /// Whether the server has said something, or hung up, while nobody asked it anything.
  var hasUnexpectedInput: Bool {
    var slot = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    return poll(&slot, 1, 0) != 0
  }

  func waitUntilWritable(_ patience: Patience) throws(StreamFault) { try wait(for: Int16(POLLOUT), patience) }

  private func wait(for events: Int16, _ patience: Patience) throws(StreamFault) {
    while true {
      var deadline = patience.deadline
      if patience.isInterruptible {
        guard !interrupter.isInterrupted, patience.gate?.mayContinue() ?? true else { throw .stopped }
      } else {
        deadline = min(deadline, interrupter.lastMomentForDots)
      }
      let left = (deadline - Monotonic.now).microseconds
      guard left > 0 else { throw .timedOut }
      let slice = Int32(min(patience.isInterruptible ? 25 : 200, left / 1_000 + 1))
      if ready(for: events, milliseconds: slice, wakes: patience.isInterruptible) { return }
    }
  }

  private func ready(for events: Int16, milliseconds: Int32, wakes: Bool) -> Bool {
    // poll() skips a negative descriptor.
    let slot = pollfd(fd: socket, events: events, revents: 0)
    let wake = pollfd(fd: interrupter.descriptor, events: Int16(POLLIN), revents: 0)
    var slots = (slot, wake)
    return withUnsafeMutablePointer(to: &slots) { pair in
      pair.withMemoryRebound(to: pollfd.self, capacity: 2) { first in
        poll(first, wakes ? 2 : 1, milliseconds) > 0 && first[0].revents != 0
      }
    }
  }
}
