import Foundation
import Storage
import Synchronization

/// Something done on a thread of its own while its caller does something else.
final class Meanwhile<Value: Sendable>: Sendable {
  private struct Unfinished: Error {}

  private let result = Mutex<Result<Value, any Error>>(.failure(Unfinished()))
  private let running = DispatchGroup()

  init(named name: String, _ body: @escaping @Sendable () throws -> Value) {
    do {
      try SystemThread.start(name, in: running) { [self] in
        let ended = Result { try body() }
        result.withLock { $0 = ended }
      }
    } catch { result.withLock { $0 = .failure(error) } }
  }

  /// Waits for its end. - Throws: what it threw.
  func value() throws -> Value {
    running.wait()
    return try result.withLock { $0 }.get()
  }
}
