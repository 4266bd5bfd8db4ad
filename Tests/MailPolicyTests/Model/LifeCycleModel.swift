import MailModel

/// Every interleaving of two engines and two messages, with crashes and a stop anywhere, breadth first.
///
/// A lease may run out at any moment, whether its owner is dead or asleep: what holds here needs no clock. Bounds: each
/// message is claimed `claims` times, each engine dies once, sending stops once, each message is sent again by a person
/// once. Every step uses one of them up or moves a transfer on, so all ways end, and where they end nothing may be stuck.
struct LifeCycleModel {
  /// Claims of a message; its epoch cannot grow further.
  let claims: Int
  let tables: RuleTables
  private(set) var counterexample: Counterexample?
  private var worlds: [World] = []
  private var origins: [(parent: Int, step: Step)] = []
  private var known: Set<World.Packed> = []
  /// Where the steps of now begin.
  private var parent = 0
  private var isStuck = true

  /// Different states that were found.
  var count: Int { worlds.count }

  init(_ rules: LifeCycleRules, claims: Int) {
    tables = RuleTables(rules)
    self.claims = claims
  }

  mutating func explore() {
    reach(World(), by: Step(kind: .start))
    while parent < worlds.count, counterexample == nil {
      let world = worlds[parent]
      isStuck = true
      for engine in 0..<2 { engineSteps(world, engine) }
      personSteps(world)
      if isStuck { checkEnd(world) }
      parent += 1
    }
  }

  /// Notes a state that can be reached from the one at hand.
  mutating func reach(_ world: World, by step: Step) {
    isStuck = false
    guard counterexample == nil else { return }
    for message in 0..<2 { check(world.messages[message], in: world, by: step) }
    var world = world
    world.forget()
    guard known.insert(world.packed).inserted else { return }
    worlds.append(world)
    origins.append((parent, step))
  }

  /// What must hold in every state.
  private mutating func check(_ message: ModelMessage, in world: World, by step: Step) {
    if message.taken > 1 + message.resends { fail(.neverTwice, in: world, by: step) }
    let wasSent = message.state == Self.sent && message.epoch > 0
    if wasSent, !message.hasAcceptance { fail(.sentOnlyWith2xx, in: world, by: step) }
    let hasFailed = message.state == Self.failed && message.epoch > 0
    if hasFailed, !message.hasRefusal { fail(.neverLost, in: world, by: step) }
  }

  /// What must hold where nothing can happen any more.
  private mutating func checkEnd(_ world: World) {
    for index in 0..<2 {
      let message = world.messages[index]
      let isWaiting = message.state == Self.queued && world.claims == claims
      let isEnded = [Self.sent, Self.failed, Self.uncertain].contains(message.state)
      if !isWaiting, !isEnded { fail(.neverLost, at: parent) }
    }
  }

  mutating func fail(_ promise: Promise, at index: Int) {
    guard counterexample == nil else { return }
    var steps: [String] = []
    var index = index
    while index > 0 {
      let step = origins[index].step
      steps.append("\(step.kind.rawValue) \(step.engine)/\(step.message)")
      index = origins[index].parent
    }
    counterexample = Counterexample(promise: promise, steps: steps.reversed())
  }

  /// A promise about a step, not a state: told with the step's own state.
  mutating func fail(_ promise: Promise, in world: World, by step: Step) {
    guard counterexample == nil else { return }
    worlds.append(world)
    origins.append((parent, step))
    fail(promise, at: worlds.count - 1)
  }

  static let queued = RuleTables.number(MessageState.queued)
  static let leased = RuleTables.number(MessageState.leased)
  static let armed = RuleTables.number(MessageState.armed)
  static let sent = RuleTables.number(MessageState.sent)
  static let failed = RuleTables.number(MessageState.failed)
  static let uncertain = RuleTables.number(MessageState.uncertain)
  static let terminal = Set(MessageState.allCases.filter(\.isTerminal).map { RuleTables.number($0) })
  static let claim = RuleTables.number(MessageTransition.claim)
  static let arm = RuleTables.number(MessageTransition.arm)
  static let giveBack = RuleTables.number(MessageTransition.giveBack)
  static let deferLeased = RuleTables.number(MessageTransition.deferLeased)
  static let deferArmed = RuleTables.number(MessageTransition.deferArmed)
  static let settleSent = RuleTables.number(MessageTransition.settleSent)
  static let settleFailed = RuleTables.number(MessageTransition.settleFailed)
  static let settleUnsent = RuleTables.number(MessageTransition.settleUnsent)
  static let sendAgain = RuleTables.number(MessageTransition.sendAgain)
}

/// The store's arrows, as compare-and-set.
extension LifeCycleModel {
  /// The state after an arrow, when state and epoch allow it.
  func after(_ message: ModelMessage, _ arrow: Int, epoch: Int) -> Int? {
    if tables.rules.checksEpoch, message.epoch != epoch { return nil }
    let state = tables.after[message.state * RuleTables.arrowCount + arrow]
    return state < 0 ? nil : state
  }

  /// Moves a message; tells when that breaks a promise about arrows.
  mutating func move(_ world: inout World, _ index: Int, to state: Int, by step: Step) {
    let old = world.messages[index].state
    world.messages[index].state = state
    if Self.terminal.contains(old) { fail(.terminalIsFinal, in: world, by: step) }
    if state == Self.armed, world.permit == Permit.stopped.rawValue {
      fail(.nothingArmedAfterStop, in: world, by: step)
    }
    if state == Self.uncertain, old != Self.armed { fail(.doubtOnlyWithoutReply, in: world, by: step) }
  }

  func mayArm(_ world: World) -> Bool { tables.mayArm[world.permit] }

  mutating func personSteps(_ world: World) {
    var next = world
    switch Permit(rawValue: world.permit) {
    case .open:
      next.permit = Permit.stopped.rawValue
      reach(next, by: Step(kind: .stop))
    case .stopped:
      next.permit = Permit.resumed.rawValue
      reach(next, by: Step(kind: .resume))
    case .resumed, nil: break
    }
    for index in 0..<2 where world.messages[index].state == Self.uncertain {
      guard world.messages[0].resends + world.messages[1].resends == 0 else { continue }
      guard let state = after(world.messages[index], Self.sendAgain, epoch: world.messages[index].epoch) else {
        continue
      }
      let step = Step(kind: .sendAgain, message: index)
      var next = world
      next.messages[index].resends = 1
      move(&next, index, to: state, by: step)
      reach(next, by: step)
    }
  }
}
