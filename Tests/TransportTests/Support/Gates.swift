import MailModel
import Synchronization

/// A gate that lets everything through, or closes at a given question.
final class ScriptedGate: DotGate {
  private let asked = Atomic<Int>(0)
  private let arms = Atomic<Int>(0)
  private let closesAt: Int
  private let armAnswer: Bool
  let isArmedAhead: Bool
  private let atArm: @Sendable () -> Void

  /// - Parameters:
  ///   - closesAt: the question to `mayContinue` from which on the answer is no.
  ///   - arm: the answer to `awaitArm`.
  ///   - atArm: what happens while the arm is awaited.
  ///   - isArmedAhead: whether the end of the body is kept for the dot.
  init(closesAt: Int = .max, arm: Bool = true, isArmedAhead: Bool = false, atArm: @escaping @Sendable () -> Void = {}) {
    self.closesAt = closesAt
    self.armAnswer = arm
    self.isArmedAhead = isArmedAhead
    self.atArm = atArm
  }

  var armsAwaited: Int { arms.load(ordering: .relaxed) }

  func mayContinue() -> Bool { asked.add(1, ordering: .relaxed).newValue < closesAt }

  func awaitArm() -> Bool {
    arms.add(1, ordering: .relaxed)
    atArm()
    return armAnswer
  }

  func beginDot() -> Bool { mayContinue() }
}

/// A gate closed by another thread.
final class SwitchGate: DotGate {
  private let closed = Atomic<Bool>(false)

  var isArmedAhead: Bool { true }
  func close() { closed.store(true, ordering: .releasing) }
  func mayContinue() -> Bool { !closed.load(ordering: .acquiring) }
  func awaitArm() -> Bool { mayContinue() }
  func beginDot() -> Bool { mayContinue() }
}
