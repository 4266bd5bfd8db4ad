import MailModel
import MailPolicy
import Testing

/// DESIGN §4 explored in full: two engines, two messages, a crash and a stop at any step, against the program's own rules.
/// That the store does what these rules say is `ConformanceTests`' word.
@Suite struct LifeCycleModelTests {
  @Test func `no interleaving of two engines and two messages breaks a promise`() {
    var model = LifeCycleModel(LifeCycleRules(), claims: 3)
    model.explore()
    #expect(model.counterexample == nil, "\(model.counterexample?.description ?? "")")
    // Far fewer would mean that the model has lost steps.
    #expect(model.count > 500_000, "\(model.count)")
  }

  struct Broken: Sendable, CustomTestStringConvertible {
    var name: String
    var promises: Set<Promise>
    var rules: LifeCycleRules
    var testDescription: String { name }

    init(_ name: String, _ promises: Set<Promise>, _ change: (inout LifeCycleRules) -> Void) {
      (self.name, self.promises) = (name, promises)
      rules = LifeCycleRules()
      change(&rules)
    }
  }

  static let broken: [Broken] = recoveries + arrows + gates

  private static let recoveries = [
    Broken("an expired arm goes back to the queue", [.neverTwice]) {
      $0.recovery = { isArmed, _ in isArmed ? .deferArmed : .giveBack }
    },
    Broken("an expired lease is doubted", [.neverLost, .doubtOnlyWithoutReply]) { $0.recovery = { _, _ in .doubt } },
    Broken("a dead engine's journal is not read", [.doubtWithinConnections, .doubtOnlyWithoutReply]) {
      $0.readsDeadJournals = false
    },
    Broken("a living engine's journal is believed", [.neverTwice]) { $0.readsLivingJournals = true },
    Broken("a dot goes out before it is on record", [.neverTwice]) { $0.recordsDotFirst = false },
    Broken("armed without a dot is doubted", [.doubtWithinConnections, .doubtOnlyWithoutReply]) {
      $0.recovery = { isArmed, _ in isArmed ? .doubt : .giveBack }
    },
  ]

  private static let arrows = [
    Broken("doubt is claimed", [.neverTwice]) { $0.after = from(.uncertain, .claim, .leased) },
    Broken("sent is claimed", [.terminalIsFinal]) { $0.after = from(.sent, .claim, .leased) },
    Broken("failed is claimed", [.terminalIsFinal]) { $0.after = from(.failed, .claim, .leased) },
    Broken("a leased message is accepted", [.neverTwice], { $0.armsBeforeDot = false }),
    Broken("silence is an acceptance", [.sentOnlyWith2xx]) {
      $0.consequence = replacing({ if case .uncertain = $0 { true } else { false } }, by: .accept)
    },
    Broken("silence is a deferral", [.neverTwice]) {
      $0.consequence = replacing({ if case .uncertain = $0 { true } else { false } }, by: .deferArmed)
    },
    Broken("a broken connection is a refusal", [.neverLost]) {
      $0.consequence = replacing({ if case .interrupted = $0 { true } else { false } }, by: .refuse)
    },
    Broken("an acceptance is a deferral", [.neverTwice]) {
      $0.consequence = replacing({ if case .accepted = $0 { true } else { false } }, by: .deferArmed)
    },
    Broken("a stale epoch and another's lease are armed", [.neverTwice]) {
      $0.checksEpoch = false
      $0.checksOwner = false
    },
  ]

  private static let gates = [
    Broken("the gate does not look at the permit's state", [.nothingArmedAfterStop]) {
      $0.mayArm = { permit, isLatched in permit != nil && !isLatched }
    },
    Broken("the gate does not look for the latch", [.nothingArmedAfterStop]) {
      let real = $0.mayArm
      $0.mayArm = { permit, _ in real(permit, false) }
    },
    Broken("an unreadable permit is an open one", [.nothingArmedAfterStop]) {
      let real = $0.mayArm
      $0.mayArm = { permit, isLatched in permit == nil ? !isLatched : real(permit, isLatched) }
    },
  ]

  private static func from(
    _ state: MessageState, _ arrow: MessageTransition, _ target: MessageState
  ) -> @Sendable (MessageState, MessageTransition) -> MessageState? {
    { $0 == state && $1 == arrow ? target : $0.after($1) }
  }

  private static func replacing(
    _ isMeant: @escaping @Sendable (DeliveryOutcome) -> Bool, by arrow: MessageTransition
  ) -> @Sendable (DeliveryOutcome, Bool) -> MessageTransition {
    let real = LifeCycleRules().consequence
    return { isMeant($0) ? arrow : real($0, $1) }
  }

  /// The model must be able to see what it is there for.
  @Test(arguments: broken) func `a broken rule has a counterexample`(broken: Broken) throws {
    var model = LifeCycleModel(broken.rules, claims: 3)
    model.explore()
    let found = try #require(model.counterexample, "\(model.count) states and nothing found")
    #expect(broken.promises.contains(found.promise), "\(found)")
  }
}
