import DequeModule
import Dispatch
import Logging
import MailModel
import MailPolicy
import Storage
import Synchronization

/// The ledger's thread: gather, commit, answer.
extension DeliveryLedger {
  private struct Group {
    var arms: [(lease: Lease, ticket: ArmTicket)] = []
    var finishes: [Finish] = []
    /// How many messages connections could use now.
    var demand: Int
    var isClosed: Bool
  }

  /// What one transaction did.
  private struct Committed {
    var armed: Set<Message.ID> = []
    var claimed = Claim()
    var notes = FinishNotes()
  }

  /// Runs until `close`.
  func run() {
    var upkeep = LedgerUpkeep(lease: settings.lease)
    var pause = DispatchTimeInterval.milliseconds(200)
    lookAgain()
    while true {
      _ = wake.wait(timeout: .now() + pause)
      while wake.wait(timeout: .now()) == .success {}
      awaitMore()
      reclaimAhead()
      upkeep.run(self)
      let group = gather()
      if group.isClosed, group.arms.isEmpty, group.finishes.isEmpty { break }
      let isCommitted = commit(group)
      if group.isClosed, !isCommitted { upkeep.givingUp += 1 }
      // A store that stays broken while closing: what is armed becomes uncertain by its lease, nothing is guessed.
      if upkeep.givingUp > 50 { break }
      pause = isCommitted ? .milliseconds(200) : .milliseconds(50)
    }
    giveBackRest()
  }

  /// What waits was told so under the configuration of the engine before this one: limits may have changed since.
  private func lookAgain() {
    do {
      let now = clock.now()
      let scopes = try store.read { transaction in
        let pauses = try transaction.throttles.pauses().filter { $0.isActive(now: now) }
        let gate = try shaping(pauses, now: now, in: transaction)
        return try transaction.throttles.waitedFor().filter { scope in
          // What waits for a relay may have another one.
          try scope.kind == .relay
            || transaction.throttles.reason(waitingFor: scope).map { try gate.isOutdated($0, of: scope) } ?? false
        }
      }
      guard !scopes.isEmpty else { return }
      try store.write { for scope in scopes { try $0.throttles.wake(scope) } }
    } catch { log.error("what waits for limits was not looked at", metadata: ["error": "\(error)"]) }
  }

  /// Gives results a moment in which more of them come, while connections have enough to do.
  private func awaitMore() {
    let end = DispatchTime.now() + Posted.gathering
    while posted.withLock({ $0.mayGather }), wake.wait(timeout: end) == .success {}
  }

  private func reclaimAhead() {
    let served = posted.withLock { posted -> [Waiter] in
      guard !posted.ahead.isEmpty else { return [] }
      posted.reclaimAhead(now: DispatchTime.now().uptimeNanoseconds)
      return posted.serve()
    }
    for waiter in served { waiter.semaphore.signal() }
  }

  private func gather() -> Group {
    posted.withLock { posted in
      posted.stock = min(settings.workers, posted.connections) * (1 + depth)
      let isHungry = depth > 0 || posted.free > 0
      let demand = posted.isDraining || !isHungry ? 0 : posted.free + posted.stock - posted.ready.count
      var group = Group(demand: max(0, demand), isClosed: posted.isClosed)
      swap(&group.arms, &posted.arms)
      swap(&group.finishes, &posted.finishes)
      return group
    }
  }

  /// Messages that may be armed ahead for each connection now.
  private var depth: Int {
    journal == nil ? 0 : settings.armAhead.depth(transaction: pace.transaction)
  }

  /// - Returns: whether the store took the group. A group that it did not take denies its arms and keeps its results.
  private func commit(_ group: Group) -> Bool {
    let now = clock.now()
    let term = leaseTerm
    let claims = claimLimit(group, now: now)
    let isAhead = depth > 0
    guard claims > 0 || !group.arms.isEmpty || !group.finishes.isEmpty else { return true }
    do {
      let done = try store.write(as: .stream) { transaction in
        var done = Committed()
        done.notes = try record(group.finishes, now: now, in: transaction)
        done.armed = try arm(group.arms.map(\.lease), now: now, in: transaction)
        if claims > 0 { done.claimed = try claim(claims, isAhead: isAhead, now: now, in: transaction) }
        return done
      }
      tell(done, of: group, term: term)
      status.noteCommit(accepted: done.notes.accepted, at: now)
      return true
    } catch {
      takeBack(group, error)
      return false
    }
  }

  /// What is committed reaches those who wait for it.
  private func tell(_ done: Committed, of group: Group, term: UInt64) {
    budget.ended(group.finishes)
    budget.took(done.claimed.leased.count + done.claimed.armed.count)
    status.noteRun(limit: budget.exhausted)
    for (lease, ticket) in group.arms { ticket.decide(done.armed.contains(lease.id)) }
    hand(out: done.claimed, armedAt: clock.now(), term: term)
    // There may be more behind those that were told to wait.
    if done.claimed.told > 0 { wake.signal() }
    guard let reason = done.notes.tripReason else { return }
    stop.refresh()
    log.error("sending stopped", metadata: ["reason": "\(reason)"])
  }

  private func takeBack(_ group: Group, _ error: any Error) {
    for (_, ticket) in group.arms { ticket.decide(false) }
    posted.withLock { $0.finishes.insert(contentsOf: group.finishes, at: 0) }
    // Tried again many times a second: said once, until it is another reason or the store has taken something.
    if status.noteStoreFailure("\(error)") {
      log.error("store did not take a group of deliveries", metadata: ["error": "\(error)"])
    }
    // After a failed fsync nobody knows what the disk holds: stop instead of trying it again (fault 5). Anything
    // else but damage, such as a full disk or no free descriptor, halts sending until it ends.
    stop.tripAfterStoreFailure()
  }

  /// How many messages to claim in this group; looks without the write lock whether there are any when nothing else
  /// needs it.
  private func claimLimit(_ group: Group, now: Timestamp) -> Int {
    guard group.demand > 0, maySend, mayUseRelays(now: now) else { return 0 }
    if !group.arms.isEmpty || !group.finishes.isEmpty { return group.demand }
    let due = (try? store.read { try $0.messages.dueCount(claimable(now: now), now: now, limit: 1) }) ?? 0
    return due > 0 ? group.demand : 0
  }

  /// Whether any relay would take a message: of the list, or an inbox's own, of which only the connection knows. What
  /// operators paused is found out by the claim.
  private func mayUseRelays(now: Timestamp) -> Bool {
    hasUsableRelay(now: now) || relays.directory.hasInboxes || !pausedRelays.withLock { $0.isEmpty }
  }

  private func claim(_ limit: Int, isAhead: Bool, now: Timestamp, in transaction: Transaction) throws -> Claim {
    guard case .open(let allowance) = try gateVerdict(in: transaction) else { return Claim() }
    let inFlight = allowance == nil ? 0 : try transaction.counters.all()["message.leased"] ?? 0
    let run = budget.room(most: try transaction.runs.limit()?.most ?? settings.mostPerRun) ?? limit
    let limit = min(run, allowance.map { min(limit, max(0, $0 - inFlight)) } ?? limit)
    guard limit > 0 else { return Claim() }
    let armsNow = isAhead && allowance == nil
    let pauses = try lookAtRelays(now: now, in: transaction)
    let shaping = try shaping(pauses, now: now, in: transaction)
    let hasRelay = hasUsableRelay(now: now)
    // A clock that jumped makes nothing old.
    let oldest = clock.steady?.jump == nil ? now - settings.retry.maximumAge : nil
    let claim = try transaction.messages.claim(
      claimable(now: now), limit: limit, scan: limit + DeliveryLedger.scanMargin, owner: settings.owner, now: now,
      leaseUntil: now + settings.lease
    ) { due in
      if let oldest, due.enqueuedAt < oldest { return .expire }
      if due.isSuppressed { return .suppress(reason: "recipient is suppressed") }
      if due.standing == .restricted { return .hold(reason: AccountEvidence.holdReason) }
      // An inbox's own server is not the relay that cannot be used now. A relay that rests comes back by itself; one that
      // is paused may not for days, and what waits for it says so.
      if !hasRelay, due.inboxID == nil { return try shaping.pause(of: due) ?? .leave }
      return try shaping.obstacle(to: due) ?? (armsNow ? .arm : .lease)
    }
    try shaping.save()
    return claim
  }

  private func shaping(_ pauses: [Pause], now: Timestamp, in transaction: Transaction) throws -> ShapingGate {
    try ShapingGate(
      rules: settings.shaping, exchangers: settings.exchangers, inboxes: settings.inboxes, pauses: pauses,
      relay: nextRelay(pauses, now: now), pace: pace.transaction,
      now: now, in: transaction)
  }

  /// Messages looked at beyond those that are wanted: so many may be told to wait in one transaction.
  private static let scanMargin = 1_000

  /// The last gate, for a group (DESIGN §4 "Arm"): permit, latch, ladder; then restriction and suppression per message.
  private func arm(_ leases: [Lease], now: Timestamp, in transaction: Transaction) throws -> Set<Message.ID> {
    guard !leases.isEmpty, maySend, case .open(let allowance) = try gateVerdict(in: transaction) else { return [] }
    let admitted = allowance.map { Array(leases.prefix($0)) } ?? leases
    let pauses = try transaction.throttles.pauses().filter { $0.isActive(now: now) }
    // A relay's pause counts from the next message on: this one has its connection already.
    let gate = try pauses.allSatisfy { $0.scope.kind == .relay } ? nil : shaping(pauses, now: now, in: transaction)
    let verdicts = try transaction.messages.arm(
      admitted, owner: settings.owner, now: now, leaseUntil: now + settings.lease
    ) { due in try gate?.pause(of: due) }
    return Set(verdicts.filter { $0.value == .armed }.keys)
  }

  private func gateVerdict(in transaction: Transaction) throws -> Gate.Verdict {
    let permit = try? transaction.permit.read()
    var armed = 0
    if let permit, permit.state == .ramping {
      armed = try transaction.counters.all()["message.armed"] ?? 0
      armed += try transaction.messages.doubted(since: permit.changedAt)
    }
    return Gate.verdict(permit: permit, latched: stop.latch.isPresent(), armed: armed, ladder: settings.ladder)
  }

  private func hand(out claim: Claim, armedAt: Timestamp, term: UInt64) {
    guard !claim.leased.isEmpty || !claim.armed.isEmpty else { return }
    let ready =
      claim.leased.map { Ready(message: $0, armedAt: nil, term: term) }
      + claim.armed.map { Ready(message: $0, armedAt: armedAt, term: term) }
    let served = posted.withLock { posted -> [Waiter] in
      guard !posted.isDraining else {
        for one in ready { posted.finishes.append(Finish(withdrawn: one)) }
        return []
      }
      posted.ready.append(contentsOf: ready)
      return posted.serve()
    }
    for waiter in served { waiter.semaphore.signal() }
  }

  /// Leaves nothing leased behind: no final dot was possible for these.
  private func giveBackRest() {
    do {
      let count = try store.write { try $0.messages.giveBackAll(owner: settings.owner, now: clock.now()) }
      if count > 0 { log.info("gave back leased messages", metadata: ["count": "\(count)"]) }
      try budget.end(store)
    } catch {
      log.error("leased messages not given back; their leases will expire", metadata: ["error": "\(error)"])
    }
  }
}
