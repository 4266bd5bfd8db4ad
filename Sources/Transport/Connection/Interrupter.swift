import CCurl
import Glibc
public import MailModel
import Synchronization

/// Ends the waits of connections from another thread, at once. One may serve many connections.
///
/// It is sticky: what was interrupted stays so, and its connections are not used again. A connection whose final dot
/// has been written is not cut, because cutting would not unsend the message; its wait for the reply can be bounded.
public final class Interrupter: Sendable {
  private let raised = Atomic<Bool>(false)
  private let dotDeadline = Atomic<Int64>(.max)
  /// Becomes readable when interrupted and stays readable. `-1` when the system has no descriptor left; waits then
  /// notice within one slice.
  let descriptor: Int32

  public init() { descriptor = ccurl_wake_descriptor() }

  deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

  public var isInterrupted: Bool { raised.load(ordering: .acquiring) }

  /// Safe from any thread and from a signal handler.
  ///
  /// - Parameter dotReplyWithin: how much longer connections past their final dot may wait for the reply before the
  ///   message is uncertain; `nil` leaves them the time they had.
  public func interrupt(dotReplyWithin limit: Span? = nil) {
    if let limit { dotDeadline.store((Monotonic.now + limit).microseconds, ordering: .releasing) }
    raised.store(true, ordering: .releasing)
    var one: UInt64 = 1
    _ = Glibc.write(descriptor, &one, 8)
  }

  /// The moment, on the monotonic clock, after which no reply to a final dot is waited for any more.
  var lastMomentForDots: Timestamp { Timestamp(microseconds: dotDeadline.load(ordering: .acquiring)) }
}

/// The clock for deadlines: it never jumps. Its timestamps compare only with each other.
enum Monotonic {
  static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
  }
}
