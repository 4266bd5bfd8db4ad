import MailModel

/// What an engine does with a message, from claim to finish.
extension LifeCycleModel {
  mutating func engineSteps(_ world: World, _ engine: Int) {
    guard world.engines[engine].isAlive else {
      var next = world
      next.engines[engine] = ModelEngine()
      next.engines[engine].life = 1
      return reach(next, by: Step(kind: .restart, engine: engine))
    }
    if world.engines[engine].life == 0 { crash(world, engine, by: Step(kind: .crash, engine: engine)) }
    for message in 0..<2 { recover(world, engine, message) }
    claimSteps(world, engine)
    switch world.engines[engine].phase {
    case .idle: break
    case .leased: leasedSteps(world, engine)
    case .armed: dotSteps(world, engine)
    case .concluded: finish(world, engine)
    }
  }

  private func owner(_ world: World, _ engine: Int) -> Int { engine + 2 * world.engines[engine].life }

  private mutating func claimSteps(_ world: World, _ engine: Int) {
    let own = world.engines[engine]
    if own.phase == .idle, own.aheadEpoch > 0 {
      var next = world
      next.engines[engine].aheadEpoch = 0
      next.engines[engine].aheadMessage = 0
      begin(&next, engine, own.aheadMessage, own.aheadEpoch, isArmed: true)
      return reach(next, by: Step(kind: .takeAhead, engine: engine, message: own.aheadMessage))
    }
    for index in 0..<2 where mayArm(world) && world.claims < claims {
      let message = world.messages[index]
      guard let leased = after(message, Self.claim, epoch: message.epoch) else { continue }
      if own.phase == .idle { claim(world, engine, index, to: leased) }
      if own.aheadEpoch == 0 { claimArmed(world, engine, index, from: leased) }
    }
  }

  private mutating func claim(_ world: World, _ engine: Int, _ index: Int, to state: Int) {
    let step = Step(kind: .claim, engine: engine, message: index)
    var next = world
    lease(&next, engine, index, to: state, by: step)
    begin(&next, engine, index, next.messages[index].epoch, isArmed: false)
    reach(next, by: step)
  }

  /// Claimed and armed in one transaction, for the connection to take later.
  private mutating func claimArmed(_ world: World, _ engine: Int, _ index: Int, from leased: Int) {
    let armed = tables.after[leased * RuleTables.arrowCount + Self.arm]
    guard armed >= 0 else { return }
    let step = Step(kind: .claimArmed, engine: engine, message: index)
    var next = world
    lease(&next, engine, index, to: armed, by: step)
    next.engines[engine].aheadMessage = index
    next.engines[engine].aheadEpoch = next.messages[index].epoch
    reach(next, by: step)
  }

  private mutating func lease(_ world: inout World, _ engine: Int, _ index: Int, to state: Int, by step: Step) {
    world.claims += 1
    world.messages[index].epoch += 1
    world.messages[index].owner = owner(world, engine)
    world.messages[index].journal = 0
    world.messages[index].isDeathsDoubt = false
    move(&world, index, to: state, by: step)
  }

  private func begin(_ world: inout World, _ engine: Int, _ index: Int, _ epoch: Int, isArmed: Bool) {
    world.engines[engine].phase = isArmed ? .armed : .leased
    world.engines[engine].message = index
    world.engines[engine].epoch = epoch
    world.engines[engine].isArmed = isArmed
  }

  /// The arm, denied or committed; or an end at RCPT.
  private mutating func leasedSteps(_ world: World, _ engine: Int) {
    let own = world.engines[engine]
    let message = world.messages[own.message]
    let step = Step(kind: .arm, engine: engine, message: own.message)
    let isOwner = !tables.rules.checksOwner || message.owner == owner(world, engine)
    if mayArm(world), isOwner, let state = after(message, Self.arm, epoch: own.epoch) {
      var next = world
      next.engines[engine].phase = .armed
      next.engines[engine].isArmed = true
      move(&next, own.message, to: state, by: step)
      reach(next, by: step)
    } else {
      end(world, engine, as: .withdrawn, by: step)
    }
    for ending in [Ending.deferred, .refused] {
      end(world, engine, as: ending, by: Step(kind: .endBeforeDot, engine: engine, message: own.message))
    }
    if !tables.rules.armsBeforeDot {
      var next = world
      next.engines[engine].phase = .armed
      reach(next, by: step)
    }
  }

  /// From the arm to the reply. What happens in between is seen by nobody else: the journal is read only after its
  /// engine's death. So it is one step, with an end for every place where the engine may die on the way.
  private mutating func dotSteps(_ world: World, _ engine: Int) {
    let index = world.engines[engine].message
    end(world, engine, as: .interrupted, by: Step(kind: .endBeforeDot, engine: engine, message: index))
    var kept = world
    write(&kept, engine, 2 + Ending.withdrawn.rawValue)
    end(kept, engine, as: .withdrawn, by: Step(kind: .noDot, engine: engine, message: index))
    for isTaken in [false, true] {
      var next = world
      if tables.rules.recordsDotFirst { write(&next, engine, 1) }
      if isTaken { next.messages[index].taken = min(3, next.messages[index].taken + 1) }
      if world.engines[engine].life == 0 {
        crash(next, engine, by: Step(kind: isTaken ? .crashTaken : .crashUntaken, engine: engine, message: index))
      }
      for ending in isTaken ? [Ending.accepted, .uncertain] : [.deferred, .refused, .uncertain] {
        write(&next, engine, ending == .uncertain ? 1 : 2 + ending.rawValue)
        end(next, engine, as: ending, by: Step(kind: isTaken ? .dotTaken : .dotUntaken, engine: engine, message: index))
      }
    }
  }

  private mutating func crash(_ world: World, _ engine: Int, by step: Step) {
    var next = world
    next.engines[engine] = ModelEngine()
    next.engines[engine].isAlive = false
    reach(next, by: step)
  }

  private mutating func end(_ world: World, _ engine: Int, as ending: Ending, by step: Step) {
    var next = world
    next.engines[engine].ending = ending
    next.engines[engine].phase = .concluded
    reach(next, by: step)
  }

  /// Into the journal under its own lease; nobody reads another.
  private func write(_ world: inout World, _ engine: Int, _ value: Int) {
    let own = world.engines[engine]
    guard world.messages[own.message].epoch == own.epoch, world.messages[own.message].owner == owner(world, engine)
    else { return }
    world.messages[own.message].journal = value
  }
}
