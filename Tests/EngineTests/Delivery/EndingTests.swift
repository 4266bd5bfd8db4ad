import Dispatch
import Foundation
import MailModel
import Storage
import Synchronization
import Testing

@testable import Engine

/// How an engine ends.
@Suite struct EndingTests {
  @Test func `a web hook that hangs does not keep sending going on (fault 14)`() throws {
    let place = try TestWorkspace(settings: ["NOTICE_WEBHOOK_URL": "https://hooks.invalid/x", "WORKERS": "1"])
    try place.enqueue(["a@there.invalid"], from: "news@there.invalid")
    let account = try place.account("news@there.invalid")
    try place.store.write { transaction in
      _ = try place.open.notices.send(
        NoticeOrder(kind: "restriction", account: account, caseID: 7, values: ["reason": "x"]), in: transaction,
        by: "ana", now: place.open.clock.now())
    }
    let hook = HangingHook()
    let relay = HoldingRelay()
    let engine = try RunningEngine(
      place.open, relays: RelayDirectory([relay]), mailboxes: [], webHook: hook)
    try engine.start()
    try eventually("both are at work") { hook.isAsked && relay.isHolding }
    let ended = DispatchSemaphore(value: 0)
    let thread = Thread {
      engine.shutDown(patience: .seconds(10))
      ended.signal()
    }
    thread.start()
    try eventually("the connection is told while the hook hangs") { relay.isInterrupted }
    hook.answer()
    #expect(ended.wait(timeout: .now() + 60) == .success)
    #expect(try place.count(.queued) == 1)
  }

  @Test func `what is only just connecting when the engine ends sends nothing (fault 14)`() throws {
    let place = try TestWorkspace()
    try place.enqueue(["ok@there.invalid"])
    let relay = FakeRelay()
    relay.beforeOpen.close()
    let engine = place.engine(relay, workers: 1)
    try engine.start()
    try eventually("it connects") { relay.beforeOpen.waiting == 1 }
    // Nobody can be interrupted yet.
    engine.beginShutDown()
    relay.beforeOpen.open()
    #expect(engine.endShutDown(patience: .seconds(60)))
    #expect(relay.dots.isEmpty)
    #expect(try place.count(.queued) == 1)
  }
}

/// Does not answer until it is told to.
private final class HangingHook: WebHook {
  private let asked = Atomic<Bool>(false)
  private let answered = DispatchSemaphore(value: 0)

  var isAsked: Bool { asked.load(ordering: .acquiring) }

  func answer() { answered.signal() }

  func post(_ body: [UInt8], to url: String, headers: [String]) throws(WebHookUnreachable) -> Int {
    asked.store(true, ordering: .releasing)
    _ = answered.wait(timeout: .now() + 60)
    answered.signal()
    return 200
  }
}

/// Holds its message until it is interrupted, and then gives it back.
private final class HoldingRelay: Deliverer {
  let relay = "localhost:2525"
  let login = ""
  fileprivate let holding = Atomic<Bool>(false)
  fileprivate let interrupted = Atomic<Bool>(false)
  fileprivate let released = DispatchSemaphore(value: 0)

  var isHolding: Bool { holding.load(ordering: .acquiring) }
  var isInterrupted: Bool { interrupted.load(ordering: .acquiring) }

  func openSession() throws(RelayUnavailable) -> any DeliverySession { Session(relay: self) }

  private final class Session: DeliverySession {
    let relay: HoldingRelay

    init(relay: HoldingRelay) { self.relay = relay }

    func isReusable(for message: LeasedMessage?) -> Bool { !relay.isInterrupted }

    func deliver(
      _ message: LeasedMessage, gate: any DotGate, announcing next: () -> LeasedMessage?
    ) -> DeliveryResult {
      relay.holding.store(true, ordering: .releasing)
      _ = relay.released.wait(timeout: .now() + 60)
      return DeliveryResult(outcome: .withdrawn)
    }

    func close() {}

    var interrupt: @Sendable () -> Void {
      { [relay] in
        relay.interrupted.store(true, ordering: .releasing)
        relay.released.signal()
      }
    }
  }
}
