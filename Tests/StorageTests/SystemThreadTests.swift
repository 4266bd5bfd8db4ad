import Dispatch
import Foundation
import Storage
import Testing

@Suite struct SystemThreadTests {
  private final class Seen: @unchecked Sendable {
    // Written by the thread, read after it has left its group.
    var name: String?
  }

  @Test func `runs under its name, and its group holds it until it ends`() throws {
    let (group, seen, mayEnd) = (DispatchGroup(), Seen(), DispatchSemaphore(value: 0))
    try SystemThread.start("of-the-test", in: group) {
      mayEnd.wait()
      seen.name = try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
    }
    #expect(group.wait(timeout: .now()) == .timedOut)
    mayEnd.signal()
    #expect(group.wait(timeout: .now() + 60) == .success)
    #expect(seen.name == "of-the-test\n")
  }

  /// No address space is large enough for this stack, which the system answers as it does one thread too many.
  @Test func `what cannot be made is told, and nobody waits for it`() {
    let group = DispatchGroup()
    let problem = #expect(throws: ThreadProblem.self) {
      try SystemThread.start("too-large", stackSize: 1 << 48, in: group) { Issue.record("it runs") }
    }
    #expect(problem?.description.hasPrefix("the system gives no thread for 'too-large' (") == true)
    #expect(group.wait(timeout: .now()) == .success)
  }
}
