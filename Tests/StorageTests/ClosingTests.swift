import Foundation
import Storage
import Synchronization
import TestSupport
import Testing

/// Threads that go on reading, as an emergency stop does, while somebody closes the store.
@Suite struct ClosingTests {
  @Test func `whoever waits for a store that is being closed is told, and nothing worse`() throws {
    let temporary = try TemporaryStore()
    let store = temporary.store
    let told = Atomic<Int>(0)
    let isWriting = DispatchSemaphore(value: 0)
    for _ in 0..<4 {
      Thread.detachNewThread {
        do { while true { _ = try store.read { try $0.permit.read() } } } catch {
          if error is StoreError { told.add(1, ordering: .relaxed) }
        }
      }
    }
    Thread.detachNewThread {
      try? store.write { _ in
        isWriting.signal()
        // Closing waits for this, and those who read wait for the closing.
        Thread.sleep(forTimeInterval: 0.2)
      }
    }
    isWriting.wait()
    try store.close()
    #expect(TestEnvironment.wait { told.load(ordering: .relaxed) == 4 })
    #expect(throws: StoreError.self) { try store.write { try $0.permit.read() } }
  }
}
