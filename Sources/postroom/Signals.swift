import Dispatch
import Engine
import Foundation
import Synchronization

/// SIGUSR1 is the emergency stop; SIGTERM, SIGINT and SIGHUP end the program in order. Held for as long as it listens.
final class Signals {
  /// Whether somebody asked for the end; shared with the threads that signals are noticed on.
  private final class Ending: Sendable {
    let isAsked = Atomic<Bool>(false)
    let asked = DispatchSemaphore(value: 0)
  }

  private let ending = Ending()
  private var sources: [any DispatchSourceSignal] = []

  /// - Parameter signals: those that end the program; the console handles its own.
  init(_ open: OpenWorkspace, endsOn signals: [Int32] = [SIGTERM, SIGINT, SIGHUP]) {
    signal(SIGPIPE, SIG_IGN)
    watch(SIGUSR1) { open.stop.trip(by: open.actor, reason: "signal SIGUSR1") }
    for number in signals {
      watch(number) { [ending] in
        ending.isAsked.store(true, ordering: .releasing)
        ending.asked.signal()
      }
    }
  }

  var isEnding: Bool { ending.isAsked.load(ordering: .acquiring) }

  func waitForEnd() { ending.asked.wait() }

  private func watch(_ number: Int32, _ handler: @escaping @Sendable () -> Void) {
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
    source.setEventHandler(handler: handler)
    source.resume()
    sources.append(source)
  }
}
