import Dispatch
import Engine
import Foundation
import Synchronization

/// SIGUSR1 is the emergency stop; SIGTERM, SIGINT and SIGHUP end the program in order.
final class Signals: Sendable {
  private let ending = Atomic<Bool>(false)
  private let end = DispatchSemaphore(value: 0)
  private let sources = Mutex<[any DispatchSourceSignal]>([])

  /// - Parameter endsOn: the console handles its own.
  init(_ open: OpenWorkspace, endsOn signals: [Int32] = [SIGTERM, SIGINT, SIGHUP]) {
    signal(SIGPIPE, SIG_IGN)
    watch(SIGUSR1) { open.stop.trip(by: open.actor, reason: "signal SIGUSR1") }
    for number in signals {
      watch(number) { [weak self] in
        self?.ending.store(true, ordering: .releasing)
        self?.end.signal()
      }
    }
  }

  var isEnding: Bool { ending.load(ordering: .acquiring) }

  func waitForEnd() { end.wait() }

  private func watch(_ number: Int32, _ handler: @escaping @Sendable () -> Void) {
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
    source.setEventHandler(handler: handler)
    source.resume()
    sources.withLock { $0.append(source) }
  }
}
