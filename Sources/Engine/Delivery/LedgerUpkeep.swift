import Dispatch
import Logging
import MailModel
import MailPolicy
import Storage

/// What the ledger does by the clock: renew leases, recover those of dead engines, expire what is too old.
struct LedgerUpkeep {
  private let lease: Span
  private var renewedAt: Timestamp?
  private var recoveredAt: Timestamp?
  private var expiredAt: Timestamp?
  /// Failed commits since closing began.
  var givingUp = 0

  init(lease: Span) { self.lease = lease }

  mutating func run(_ ledger: DeliveryLedger) {
    let start = DispatchTime.now().uptimeNanoseconds
    let now = ledger.clock.now()
    attempt(ledger, "renew leases", every: Span(microseconds: lease.microseconds / 4), last: &renewedAt, now: now) {
      try ledger.store.write { try $0.messages.renewLeases(owner: ledger.settings.owner, until: now + lease) }
      ledger.extendLeases(from: start)
    }
    let recovery = min(Span(microseconds: lease.microseconds / 2), .seconds(5))
    attempt(ledger, "recover expired leases", every: recovery, last: &recoveredAt, now: now) {
      try LeaseRecovery.run(ledger, now: now)
    }
    attempt(ledger, "expire old messages", every: .minutes(1), last: &expiredAt, now: now) {
      let oldest = now - ledger.settings.retry.maximumAge
      _ = try ledger.store.write { try $0.messages.expireQueued(enqueuedBefore: oldest, now: now, limit: 1_000) }
    }
  }

  private func attempt(
    _ ledger: DeliveryLedger, _ what: String, every interval: Span, last: inout Timestamp?, now: Timestamp,
    _ work: () throws -> Void
  ) {
    if let last, now < last + interval, now >= last { return }
    last = now
    do { try work() } catch {
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
    let recovery = try ledger.store.write { transaction in
      let recovery = try transaction.messages.recoverExpired(now: now)
      for id in recovery.uncertain {
        try transaction.attempts.append(
          Attempt(
            id: 0, messageID: id, epoch: try transaction.messages.get(id)?.epoch ?? 0, relay: "", outcome: "uncertain",
            stage: .dot, replyCode: nil, enhancedStatus: nil,
            text: "the engine that had armed it vanished; no reply to the final dot is known", renderedAt: nil,
            armedAt: nil, repliedAt: nil))
      }
      if !recovery.uncertain.isEmpty {
        try transaction.tallies.add("uncertain", count: recovery.uncertain.count, at: now)
      }
      return recovery
    }
    if recovery.requeued + recovery.uncertain.count > 0 {
      ledger.log.warning(
        "recovered expired leases",
        metadata: ["requeued": "\(recovery.requeued)", "uncertain": "\(recovery.uncertain.count)"])
    }
  }
}
