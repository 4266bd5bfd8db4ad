public import Dispatch
import Foundation

/// Why a thread could not be made. As a library does it, the refusal would go unnoticed and its work never begin.
public struct ThreadProblem: Error, CustomStringConvertible {
  let name: String
  /// An `errno`.
  let code: Int32

  public var description: String {
    "the system gives no thread for '\(name)' (\(String(cString: strerror(code)))); raise the limit of processes "
      + "(ulimit -u, TasksMax= of systemd, pids.max of a container) or end others, then try again"
  }
}

/// A thread with a name, for what blocks: store, connections, disk.
public enum SystemThread {
  private final class Work {
    let name: String
    let group: DispatchGroup?
    let body: @Sendable () -> Void

    init(name: String, group: DispatchGroup?, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.group = group
      self.body = body
    }

    func run() {
      Thread.current.name = name
      body()
      group?.leave()
    }
  }

  /// Runs `body` on a thread of its own.
  ///
  /// - Parameters:
  ///   - stackSize: in bytes; `nil` for the system's usual.
  ///   - group: holds the thread for as long as it runs; whoever waits for one that was never made waits for nothing.
  /// - Throws: ``ThreadProblem`` when there are too many threads already.
  public static func start(
    _ name: String, stackSize: Int? = nil, in group: DispatchGroup? = nil,
    _ body: @escaping @Sendable () -> Void
  ) throws(ThreadProblem) {
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    pthread_attr_init(attributes)
    defer {
      pthread_attr_destroy(attributes)
      attributes.deallocate()
    }
    pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
    if let stackSize { pthread_attr_setstacksize(attributes, stackSize) }
    group?.enter()
    let work = Unmanaged.passRetained(Work(name: name, group: group, body: body))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, attributes,
      { work in
        guard let work else { return nil }
        Unmanaged<Work>.fromOpaque(work).takeRetainedValue().run()
        return nil
      }, work.toOpaque())
    guard code != 0 else { return }
    work.release()
    group?.leave()
    throw ThreadProblem(name: name, code: code)
  }
}
