import Foundation
import Synchronization

/// Something that is done on a thread of its own while this one goes on.
final class Beside<Value: Sendable>: Sendable {
  private let outcome = Mutex<Result<Value, any Error>?>(nil)
  private let done = DispatchSemaphore(value: 0)

  init(_ name: String, _ body: @escaping @Sendable () throws -> Value) {
    let thread = Thread { [self] in
      let result = Result { try body() }
      outcome.withLock { $0 = result }
      done.signal()
    }
    thread.name = name
    thread.start()
  }

  /// Waits for its end. To be called once. - Throws: what it threw.
  func finish() throws -> Value {
    done.wait()
    guard let outcome = outcome.withLock({ $0 }) else { throw CancellationError() }
    return try outcome.get()
  }
}
