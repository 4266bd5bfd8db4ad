import MailModel

/// How a transfer ends in the store: by its own engine, or by another that finds the lease run out.
extension LifeCycleModel {
  mutating func finish(_ world: World, _ engine: Int) {
    let own = world.engines[engine]
    let step = Step(kind: .finish, engine: engine, message: own.message)
    var next = world
    next.engines[engine].phase = .idle
    next.engines[engine].ending = .withdrawn
    next.engines[engine].isArmed = false
    next.engines[engine].message = 0
    next.engines[engine].epoch = 0
    note(&next, own.message, own.ending)
    if let state = finished(world.messages[own.message], own) { move(&next, own.message, to: state, by: step) }
    reach(next, by: step)
  }

  /// The same order as `DeliveryLedger.record`: its own arrow, then the one for an arm whose commit seemed to fail, then
  /// what settles the doubt that a lost lease left.
  private func finished(_ message: ModelMessage, _ own: ModelEngine) -> Int? {
    let arrow = tables.consequence[2 * own.ending.rawValue + (own.isArmed ? 1 : 0)]
    if let state = after(message, arrow, epoch: own.epoch) { return state }
    if !own.isArmed, arrow == Self.giveBack || arrow == Self.deferLeased,
      let state = after(message, Self.deferArmed, epoch: own.epoch)
    {
      return state
    }
    switch own.ending {
    case .accepted: return after(message, Self.settleSent, epoch: own.epoch)
    case .refused: return after(message, Self.settleFailed, epoch: own.epoch)
    case .deferred, .interrupted, .withdrawn: return after(message, Self.settleUnsent, epoch: own.epoch)
    case .uncertain: return nil
    }
  }

  private func note(_ world: inout World, _ index: Int, _ ending: Ending) {
    if ending == .accepted { world.messages[index].hasAcceptance = true }
    if ending == .refused { world.messages[index].hasRefusal = true }
  }

  /// A living engine takes back a lease that ran out, whether its owner is dead or asleep.
  mutating func recover(_ world: World, _ engine: Int, _ index: Int) {
    let message = world.messages[index]
    let owner = world.engines[message.owner & 1]
    let isOwnerAlive = owner.isAlive && owner.life == message.owner >> 1
    let isItself = isOwnerAlive && message.owner & 1 == engine
    guard !isItself, message.state == Self.leased || message.state == Self.armed else { return }
    let step = Step(kind: .recover, engine: engine, message: index)
    let mayRead = isOwnerAlive ? tables.rules.readsLivingJournals : tables.rules.readsDeadJournals
    guard message.state == Self.armed else {
      return settle(world, index, tables.recovery[0], ending: nil, isOwnerAlive, by: step)
    }
    let journal = mayRead ? message.journal : 1
    let hadNoDot = journal == 0 || journal == 2 + Ending.withdrawn.rawValue
    if journal > 2, let ending = Ending(rawValue: journal - 2), !hadNoDot {
      return settle(world, index, tables.consequence[2 * ending.rawValue + 1], ending: ending, isOwnerAlive, by: step)
    }
    settle(world, index, tables.recovery[hadNoDot ? 3 : 2], ending: nil, isOwnerAlive, by: step)
  }

  private mutating func settle(
    _ world: World, _ index: Int, _ arrow: Int, ending: Ending?, _ isOwnerAlive: Bool, by step: Step
  ) {
    guard let state = after(world.messages[index], arrow, epoch: world.messages[index].epoch) else { return }
    var next = world
    if let ending { note(&next, index, ending) }
    move(&next, index, to: state, by: step)
    if state == Self.uncertain, !isOwnerAlive {
      // A dead engine with one connection leaves one dot without a reply.
      let other = world.messages[1 - index]
      if other.isDeathsDoubt, other.owner == world.messages[index].owner {
        fail(.doubtWithinConnections, in: next, by: step)
      }
      if world.messages[index].journal > 1 { fail(.doubtOnlyWithoutReply, in: next, by: step) }
      next.messages[index].isDeathsDoubt = true
    }
    reach(next, by: step)
  }
}
