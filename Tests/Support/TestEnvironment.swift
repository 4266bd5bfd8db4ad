import Foundation
import Glibc

/// What tests that start real servers need to know about the machine.
public enum TestEnvironment {
  /// Real Postfix and Dovecot are started only when `POSTROOM_SERVER_TESTS=1`: they need root and the packages.
  public static let hasServers = ProcessInfo.processInfo.environment["POSTROOM_SERVER_TESTS"] == "1"

  /// A TCP port of 127.0.0.1 that was free a moment ago.
  public static func freePort() throws -> Int {
    let descriptor = try LoopbackSocket.listen(port: 0)
    defer { close(descriptor) }
    return try LoopbackSocket.port(of: descriptor)
  }

  /// Seconds of the processor's time that `body` took on this thread, however long it had to wait for its turn.
  public static func processorSeconds(of body: () throws -> Void) rethrows -> Double {
    let start = threadTime()
    try body()
    return threadTime() - start
  }

  private static func threadTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Waits, polling every 5 ms, until `condition` holds.
  ///
  /// - Returns: whether it held before `seconds` passed.
  public static func wait(seconds: Double = 60, until condition: () throws -> Bool) rethrows -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while try !condition() {
      guard Date() < end else { return false }
      usleep(5_000)
    }
    return true
  }
}

/// Why a test server does not run.
public struct TestServerError: Error, CustomStringConvertible {
  public var description: String

  public init(_ description: String) { self.description = description }
}
