import Dispatch
import Engine
import Foundation
import Logging
import MailModel
import MailPolicy
import Storage
import Synchronization

/// A relay that answers by the first word of the recipient's local part and keeps the gate's protocol as the real
/// transport does: asked before each chunk, armed and asked again before the dot.
final class FakeRelay: Deliverer {
  struct Dot: Sendable {
    var id: Message.ID
    var epoch: Int64
    var sender: String
    var recipient: String
    /// Since boot, in nanoseconds.
    var at: UInt64
  }

  let relay: String
  let login: String
  let clock: any Clock
  /// Passed by whoever connects.
  let beforeOpen = Barrier()
  /// Passed after the envelope and before the arm is asked for.
  let beforeArm = Barrier()
  /// Passed after the arm and before the dot.
  let beforeDot = Barrier()
  /// Passed after the dot and before its reply.
  let afterDot = Barrier()
  private let dotLog = Mutex<[Dot]>([])
  private let down = Atomic<Bool>(false)
  private let refusing = Atomic<Bool>(false)
  private let openings = Atomic<Int>(0)
  private let announcements = Atomic<Int>(0)

  init(_ name: String = "localhost:2525", login: String = "", clock: any Clock = SystemClock()) {
    relay = name
    self.login = login
    self.clock = clock
  }

  var dots: [Dot] { dotLog.withLock { $0 } }
  var openCount: Int { openings.load(ordering: .relaxed) }

  /// Envelopes that would have gone out along with a dot.
  var announcedCount: Int { announcements.load(ordering: .relaxed) }

  func setDown(_ isDown: Bool) { down.store(isDown, ordering: .releasing) }
  func setRefusingLogin(_ isRefusing: Bool) { refusing.store(isRefusing, ordering: .releasing) }

  func openSession() throws(RelayUnavailable) -> any DeliverySession {
    openings.add(1, ordering: .relaxed)
    beforeOpen.pass()
    if down.load(ordering: .acquiring) { throw RelayUnavailable(reason: "connection refused", stage: .connect) }
    if refusing.load(ordering: .acquiring) { throw RelayUnavailable(reason: "535 wrong password", stage: .auth) }
    return FakeSession(self)
  }

  fileprivate func noteAnnouncement() { announcements.add(1, ordering: .relaxed) }

  fileprivate func noteDot(_ message: LeasedMessage) {
    let dot = Dot(
      id: message.id, epoch: message.epoch, sender: message.envelopeSender, recipient: message.recipient,
      at: DispatchTime.now().uptimeNanoseconds)
    dotLog.withLock { $0.append(dot) }
  }
}

private final class FakeSession: DeliverySession {
  private let relay: FakeRelay
  private let isInterrupted = InterruptFlag()
  private var isOpen = true

  init(_ relay: FakeRelay) { self.relay = relay }

  /// The message that was announced: nothing else may follow.
  private var announced: LeasedMessage?

  func isReusable(for message: LeasedMessage?) -> Bool {
    isOpen && !isInterrupted.isSet && (announced == nil || announced == message)
  }
  var interrupt: @Sendable () -> Void { { [isInterrupted] in isInterrupted.set() } }
  func close() { isOpen = false }

  func deliver(
    _ message: LeasedMessage, gate: any DotGate, announcing next: () -> LeasedMessage?
  ) -> DeliveryResult {
    let renderedAt = relay.clock.now()
    precondition(announced == nil || announced == message, "another message was announced")
    announced = nil
    let outcome = outcome(message, gate, next)
    var result = DeliveryResult(outcome: outcome, renderedAt: renderedAt)
    switch outcome {
    case .accepted, .refused, .deferred: result.repliedAt = relay.clock.now()
    case .withdrawn, .interrupted, .uncertain: isOpen = false
    case .relayUnavailable: isOpen = false
    }
    return result
  }

  private func outcome(
    _ message: LeasedMessage, _ gate: any DotGate, _ next: () -> LeasedMessage?
  ) -> DeliveryOutcome {
    guard gate.mayContinue() else { return .withdrawn }
    let word = message.recipient.prefix { $0.isLetter }
    if word == "bad" { return .refused(reply(550, "5.1.1", "no such user"), stage: .rcpt) }
    if word == "later" { return .deferred(reply(450, "4.2.1", "4.2.1 try later"), stage: .rcpt) }
    if word == "closed" {
      return .relayUnavailable(reason: "421 closing", reply: reply(421, "4.3.2", "closing"), stage: .mail)
    }
    if word == "crowded" {
      return .relayUnavailable(
        reason: "the relay closes", reply: reply(421, "4.7.28", "too fast, try later"), stage: .rcpt)
    }
    for _ in 0..<4 where !gate.mayContinue() { return .withdrawn }
    if word == "drop" { return .interrupted(reason: "the connection broke", stage: .body) }
    relay.beforeArm.pass()
    guard gate.awaitArm() else { return .withdrawn }
    relay.beforeDot.pass()
    announced = next()
    if announced != nil { relay.noteAnnouncement() }
    guard gate.beginDot() else { return .withdrawn }
    relay.noteDot(message)
    relay.afterDot.pass()
    return switch word {
    case "lost": .uncertain(reason: "no reply to the final dot")
    case "spam": .refused(reply(554, "5.7.1", "not wanted"), stage: .dot)
    case "busy": .deferred(reply(451, "4.3.0", "busy"), stage: .dot)
    default: .accepted(reply(250, "2.0.0", "queued as \(message.id)"))
    }
  }

  private func reply(_ code: Int, _ status: String, _ text: String) -> ServerReply {
    ServerReply(code: code, enhancedStatus: EnhancedStatus(status), text: text)
  }
}

private final class InterruptFlag: Sendable {
  private let flag = Atomic<Bool>(false)
  var isSet: Bool { flag.load(ordering: .acquiring) }
  func set() { flag.store(true, ordering: .releasing) }
}

/// A place in a dialogue where connections can be made to wait.
final class Barrier: Sendable {
  private struct State {
    var isClosed = false
    var waiting: [DispatchSemaphore] = []
  }

  private let state = Mutex(State())

  /// How many wait here now.
  var waiting: Int { state.withLock { $0.waiting.count } }

  func close() { state.withLock { $0.isClosed = true } }

  /// Lets everybody through, now and later.
  func open() {
    let waiting = state.withLock { state in
      defer { state = State() }
      return state.waiting
    }
    for one in waiting { one.signal() }
  }

  fileprivate func pass() {
    let mine = state.withLock { state -> DispatchSemaphore? in
      guard state.isClosed else { return nil }
      let mine = DispatchSemaphore(value: 0)
      state.waiting.append(mine)
      return mine
    }
    mine?.wait()
  }
}

extension TestWorkspace {
  /// A delivery engine on this workspace; shut it down before the test ends.
  func engine(
    _ relay: FakeRelay, workers: Int = 8, lease: Span = .seconds(60), retry: RetrySchedule = RetrySchedule(),
    ladder: ResumeLadder = ResumeLadder(), backoff: RelayBackoff = RelayBackoff(), returnPath: ReturnPath? = nil,
    shaping: ShapingRules = ShapingRules(), fallbacks: [FakeRelay] = []
  ) -> DeliveryEngine {
    DeliveryEngine(
      store: store, stop: open.stop, relays: RelayDirectory([relay] + fallbacks), clock: open.clock,
      settings: DeliverySettings(
        workers: workers, lease: lease, retry: retry, owner: open.ownerName(), returnPath: returnPath, ladder: ladder,
        backoff: backoff, journalFolder: folder.appending(path: "dots"), shaping: shaping),
      log: open.log)
  }
}
