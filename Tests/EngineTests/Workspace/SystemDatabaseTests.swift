import Foundation
import Synchronization
import Testing

@testable import Engine

/// Names decide who may do what: no thread may get another's.
@Suite struct SystemDatabaseTests {
  @Test func `threads that ask at the same time get their own answers`() {
    let wrong = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: 4) { number in
      let (user, name): (uid_t, String) = number % 2 == 0 ? (0, "root") : (65_534, "nobody")
      for _ in 0..<3_000 where SystemDatabase.user(user) != name { wrong.add(1, ordering: .relaxed) }
    }
    #expect(wrong.load(ordering: .relaxed) == 0)
  }

  @Test func `who is not there is not known`() {
    #expect(SystemDatabase.user(3_999_999_999) == nil)
    #expect(SystemDatabase.hasUser("root"))
    #expect(!SystemDatabase.hasUser("nobody-of-this-name"))
    #expect(SystemDatabase.group("root")?.number == 0)
    #expect(SystemDatabase.group("no-group-of-this-name") == nil)
  }
}
