import Dispatch
import Logging
import MailModel
import MailPolicy
import Storage
import Synchronization

/// What the ledger does by the clock: renew leases, recover those of dead engines, expire what is too old.
struct LedgerUpkeep {
  private let lease: Span
  private var renewedAt: Timestamp?
  private var recoveredAt: Timestamp?
  private var expiredAt: Timestamp?
  private var releasedAt: Timestamp?
  private var lookedAt: Timestamp?
  private var slowedAt: Timestamp?
  private var steppedAt: Timestamp?
  private var notedAt: Timestamp?
  /// Why each of these failed the last time, by its name: what lasts is said once.
  private var failures: [String: String] = [:]
  /// Failed commits since closing began.
  var givingUp = 0

  init(lease: Span) { self.lease = lease }

  mutating func run(_ ledger: DeliveryLedger) {
    let start = SystemTime.sinceBoot
    let (now, lease) = (ledger.clock.now(), lease)
    attempt(ledger, "renew leases", every: Span(microseconds: lease.microseconds / 4), last: \.renewedAt, now: now) {
      try ledger.store.write { try $0.messages.renewLeases(owner: ledger.settings.owner, until: now + lease) }
      ledger.extendLeases(from: start)
    }
    let recovery = min(Span(microseconds: lease.microseconds / 2), .seconds(5))
    attempt(ledger, "recover expired leases", every: recovery, last: \.recoveredAt, now: now) {
      // Right after a clock was confirmed the leases of engines that have not noticed yet look older than they are.
      if ledger.clock.steady?.isSettling(for: Span(microseconds: lease.microseconds * 2)) == true { return }
      try LeaseRecovery.run(ledger, now: now)
    }
    attempt(ledger, "look again at messages that waited", every: .milliseconds(250), last: \.releasedAt, now: now) {
      guard try ledger.store.read({ try $0.throttles.hasWoken() }) else { return }
      _ = try ledger.store.write { try $0.throttles.release(now: now, limit: 2_000) }
      ledger.wake.signal()
    }
    // A claim looks at them as well; while nothing is due connections that are too many would stay open.
    attempt(ledger, "look at what operators decided about relays", every: .seconds(1), last: \.lookedAt, now: now) {
      _ = try ledger.store.read { try ledger.lookAtRelays(now: now, in: $0) }
    }
    attempt(ledger, "look at destinations that asked for less", every: .seconds(30), last: \.slowedAt, now: now) {
      let slowed = try ledger.store.read { try $0.throttles.slowed() }
      ledger.slowed.withLock { $0 = slowed }
    }
    attempt(ledger, "look at the resume ladder", every: .seconds(1), last: \.steppedAt, now: now) {
      try ledger.stepOnLadder(now: now)
    }
    attempt(ledger, "say how far the run has come", every: .seconds(1), last: \.notedAt, now: now) {
      try ledger.budget.note(ledger.store, now: now)
    }
    attempt(ledger, "expire old messages", every: .minutes(1), last: \.expiredAt, now: now) {
      let oldest = now - ledger.settings.retry.maximumAge
      // Cohorts tell without reading the queue whether anything is that old; a clock that jumped tells nothing.
      guard ledger.clock.steady?.jump == nil,
        try ledger.store.read({ try $0.destinations.oldestCohort() }).map({ $0 < oldest }) ?? false
      else { return }
      _ = try ledger.store.write { try $0.messages.expireQueued(enqueuedBefore: oldest, now: now, limit: 1_000) }
    }
  }

  private mutating func attempt(
    _ ledger: DeliveryLedger, _ what: String, every interval: Span, last: WritableKeyPath<Self, Timestamp?>,
    now: Timestamp, _ work: () throws -> Void
  ) {
    if let last = self[keyPath: last], now < last + interval, now >= last { return }
    self[keyPath: last] = now
    do {
      try work()
      failures[what] = nil
    } catch {
      guard failures.updateValue("\(error)", forKey: what) != "\(error)" else { return }
      ledger.log.error("could not \(what)", metadata: ["error": "\(error)"])
    }
  }
}

/// Takes back what engines that died left behind (DESIGN §4 "Recovery").
enum LeaseRecovery {
  static func run(_ ledger: DeliveryLedger, now: Timestamp) throws {
    let isNeeded = try ledger.store.read { transaction in
      let counters = try transaction.counters.all()
      return (counters["message.leased"] ?? 0) + (counters["message.armed"] ?? 0) > 0
    }
    guard isNeeded else { return }
    let evidence = ledger.settings.journalFolder.map(DotEvidence.init)
    let recovery = try ledger.store.write { transaction in
      if let evidence { try settleReplied(ledger, evidence, now: now, in: transaction) }
      let recovery = try transaction.messages.recoverExpired(now: now) { expired in
        evidence?.finding(expired.lease, owner: expired.owner, armedAt: expired.since) == .noDot
      }
      try noteDoubt(recovery.uncertain, now: now, in: transaction)
      try transaction.settleByEarlierEvidence(
        recovery.uncertain, by: .program(ledger.settings.owner), now: now)
      return recovery
    }
    if recovery.requeued + recovery.uncertain.count > 0 {
      ledger.log.warning(
        "recovered expired leases",
        metadata: ["requeued": "\(recovery.requeued)", "uncertain": "\(recovery.uncertain.count)"])
    }
    if let folder = ledger.settings.journalFolder {
      DotEvidence.tidy(folder: folder, owners: try ledger.store.read { try $0.messages.leaseOwners() })
    }
  }

  /// Replies that a dead engine had read and not committed.
  private static func settleReplied(
    _ ledger: DeliveryLedger, _ evidence: DotEvidence, now: Timestamp, in transaction: Transaction
  ) throws {
    let finishes = try transaction.messages.expiredLeases(now: now).compactMap { expired -> DeliveryLedger.Finish? in
      guard expired.isArmed,
        case .replied(let reply, let renderedAt, let armedAt, let repliedAt) = evidence.finding(
          expired.lease, owner: expired.owner, armedAt: expired.since)
      else { return nil }
      let outcome: DeliveryOutcome =
        switch reply.code {
        case 200..<300: .accepted(reply)
        case 500..<600: .refused(reply, stage: .dot)
        default: .deferred(reply, stage: .dot)
        }
      return DeliveryLedger.Finish(
        message: expired.message,
        result: DeliveryResult(outcome: outcome, renderedAt: renderedAt, repliedAt: repliedAt),
        armedAt: armedAt ?? expired.since, relay: "")
    }
    _ = try ledger.record(finishes, now: now, in: transaction)
  }

  private static func noteDoubt(_ uncertain: [Message.ID], now: Timestamp, in transaction: Transaction) throws {
    for id in uncertain {
      try transaction.attempts.append(
        Attempt(
          id: 0, messageID: id, epoch: try transaction.messages.get(id)?.epoch ?? 0, relay: "", outcome: "uncertain",
          stage: .dot, replyCode: nil, enhancedStatus: nil,
          text: "the engine that had armed it vanished; no reply to the final dot is known", renderedAt: nil,
          armedAt: nil, repliedAt: nil))
    }
    if !uncertain.isEmpty { try transaction.tallies.add("uncertain", count: uncertain.count, at: now) }
  }
}
