import Dispatch
import Logging
import MailModel
import MailPolicy
import Storage
import Synchronization

/// What a group of results added up to.
struct FinishNotes: Sendable {
  var accepted = 0
  /// Why the resume ladder latched the stop again, if it did.
  var tripReason: String?
}

/// Results into the store: state, attempt, tallies, relay health and the ladder, in the group's transaction.
extension DeliveryLedger {
  func record(_ finishes: [Finish], now: Timestamp, in transaction: Transaction) throws -> FinishNotes {
    var notes = FinishNotes()
    guard !finishes.isEmpty else { return notes }
    var tallies: [String: Int] = [:]
    var attempts: [Attempt] = []
    let accepted = try accept(finishes, now: now, in: transaction)
    var insight = InsightRecord()
    var well: Set<String> = []
    for finish in finishes {
      var end = (isTaken: true, countsAttempt: true)
      if !accepted.contains(finish.message.id) { end = try conclude(finish, now: now, in: transaction) }
      if end.countsAttempt {
        let attempt = finish.attempt(wasTaken: end.isTaken)
        attempts.append(attempt)
        insight.note(attempt, recipient: finish.message.recipient, enqueuedAt: finish.message.enqueuedAt)
      }
      if let name = finish.result.outcome.tally { tallies[name, default: 0] += 1 }
      try noteRelay(finish, well: &well, now: now, in: transaction)
      try slowed.withLock { known in
        try SlowDownRecord.note(
          finish, rules: settings.shaping, exchangers: settings.exchangers, known: &known, now: now, in: transaction)
      }
    }
    try transaction.attempts.append(attempts)
    try transaction.settleByEarlierEvidence(
      finishes.filter(\.isInDoubt).map(\.message.id), by: .program(settings.owner), now: now)
    for (name, count) in tallies { try transaction.tallies.add(name, count: count, at: now) }
    try insight.write(at: now, in: transaction)
    notes.accepted = tallies["accepted"] ?? 0
    try climb(accepted: notes.accepted, refused: tallies["refused"] ?? 0, now: now, notes: &notes, in: transaction)
    return notes
  }

  /// Any other end than the common one.
  ///
  /// - Returns: whether the lease still held, and whether it was an attempt.
  private func conclude(
    _ finish: Finish, now: Timestamp, in transaction: Transaction
  ) throws -> (isTaken: Bool, countsAttempt: Bool) {
    var consequence = OutcomeRule.consequence(
      of: finish.result.outcome, wasArmed: finish.armedAt != nil, attemptCount: finish.message.attemptCount,
      enqueuedAt: finish.message.enqueuedAt, schedule: settings.retry, now: now, jitter: Double.random(in: 0..<1))
    if let obstacle = finish.obstacle { consequence.reason = obstacle.reason }
    var isTaken = try take(finish, consequence, as: consequence.transition, now: now, in: transaction)
    if !isTaken, finish.armedAt == nil, [.giveBack, .deferLeased].contains(consequence.transition) {
      // An arm whose commit failed after it was durable: no dot was sent, so it goes back as well (fault 13).
      isTaken = try take(finish, consequence, as: .deferArmed, now: now, in: transaction)
    }
    if !isTaken {
      try settleLate(
        finish, reason: consequence.reason, nextAttemptAt: consequence.nextAttemptAt, now: now, in: transaction)
    }
    return (isTaken, consequence.countsAttempt)
  }

  /// The common end, for all that had it in few statements.
  private func accept(
    _ finishes: [Finish], now: Timestamp, in transaction: Transaction
  ) throws -> Set<Message.ID> {
    let accepted = finishes.compactMap { finish -> (lease: Lease, reason: String)? in
      guard finish.armedAt != nil, case .accepted(let reply) = finish.result.outcome else { return nil }
      return (finish.lease, OutcomeRule.words(reply))
    }
    return try transaction.messages.accept(accepted, now: now)
  }

  private func take(
    _ finish: Finish, _ consequence: OutcomeConsequence, as transition: MessageTransition, now: Timestamp,
    in transaction: Transaction
  ) throws -> Bool {
    try transaction.messages.finish(
      finish.lease, transition: transition, reason: consequence.reason, now: now,
      nextAttemptAt: consequence.nextAttemptAt ?? finish.obstacle?.until, countsAttempt: consequence.countsAttempt)
  }

  /// What is definite and came after the lease was lost settles the doubt that the lost lease left: a reply, and that no
  /// final dot went out or none was taken.
  private func settleLate(
    _ finish: Finish, reason: String, nextAttemptAt: Timestamp?, now: Timestamp, in transaction: Transaction
  ) throws {
    let transition: MessageTransition
    switch finish.result.outcome {
    case .accepted: transition = .settleSent
    case .refused: transition = .settleFailed
    case .deferred, .interrupted, .relayUnavailable, .withdrawn: transition = .settleUnsent
    case .uncertain: return
    }
    _ = try transaction.messages.finish(
      finish.lease, transition: transition, reason: reason, now: now, nextAttemptAt: nextAttemptAt,
      countsAttempt: transition != .settleUnsent)
  }

  /// - Parameter well: relays that took mail in this group.
  private func noteRelay(
    _ finish: Finish, well: inout Set<String>, now: Timestamp, in transaction: Transaction
  ) throws {
    if case .relayUnavailable(let reason, _, _) = finish.result.outcome {
      let state = relays.health.failed(finish.relay, reason: reason, now: now, backoff: settings.backoff)
      try transaction.relays.pause(
        finish.relay, until: state.until, reason: state.reason, failures: state.failures, now: now)
    } else if case .accepted = finish.result.outcome {
      // Another engine, or the one before this, may have seen it fail.
      let isFirst = well.insert(finish.relay).inserted
      let isFailing = try isFirst && transaction.relays.get(finish.relay).map { $0.consecutiveFailures > 0 } ?? false
      if relays.health.recovered(finish.relay) || isFailing { try transaction.relays.clear(finish.relay) }
      guard let inbox = finish.message.inboxID else { return }
      let login = Inbox.serverWithoutLogin(inbox)
      if relays.health.recovered(login) { try transaction.relays.clear(login) }
    }
  }

  /// Counts definite replies on the permit and moves along the resume ladder.
  private func climb(
    accepted: Int, refused: Int, now: Timestamp, notes: inout FinishNotes, in transaction: Transaction
  ) throws {
    guard accepted + refused > 0 else { return }
    try transaction.permit.noteOutcome(accepted: accepted, refused: refused, now: now)
    try step(now: now, notes: &notes, in: transaction)
  }

  /// Without a reply: bounces and complaints come by themselves, and a rung may last for some time.
  func stepOnLadder(now: Timestamp) throws {
    let isDue = try store.read { transaction in
      guard let permit = try? transaction.permit.read(), permit.state == .ramping else { return false }
      let reports = try FreshReportCount.read(since: permit.changedAt, in: transaction)
      return settings.ladder.step(permit, reports: reports, now: now) != .stay
    }
    guard isDue else { return }
    let notes = try store.write { transaction in
      var notes = FinishNotes()
      try step(now: now, notes: &notes, in: transaction)
      return notes
    }
    if let reason = notes.tripReason {
      stop.refresh()
      log.error("sending stopped", metadata: ["reason": "\(reason)"])
    }
    wake.signal()
  }

  private func step(now: Timestamp, notes: inout FinishNotes, in transaction: Transaction) throws {
    guard let permit = try? transaction.permit.read(), permit.state == .ramping else { return }
    let reports = try FreshReportCount.read(since: permit.changedAt, in: transaction)
    switch settings.ladder.step(permit, reports: reports, now: now) {
    case .stay: break
    case .climb(let rung):
      try LadderRecord.climb(
        permit, to: rung, ladder: settings.ladder, owner: settings.owner, now: now, in: transaction)
    case .open: try LadderRecord.open(permit, owner: settings.owner, now: now, in: transaction)
    case .trip(let reason):
      try StopRecord.write(.program(settings.owner), reason: reason, at: now, in: transaction)
      notes.tripReason = reason
    }
  }
}

extension DeliveryLedger.Finish {
  fileprivate var isInDoubt: Bool { if case .uncertain = result.outcome { true } else { false } }

  /// A message armed ahead passes the gate when its bytes are ready: it never waits there.
  private var gatePassedAt: Timestamp? {
    guard let armedAt, let renderedAt = result.renderedAt else { return armedAt }
    return max(armedAt, renderedAt)
  }

  /// The attempt's row. A result whose lease was lost meanwhile is still recorded: it is evidence.
  func attempt(wasTaken: Bool) -> Attempt {
    var attempt = Attempt(
      id: 0, messageID: lease.id, epoch: lease.epoch, relay: relay, outcome: result.outcome.name, stage: nil,
      replyCode: nil, enhancedStatus: nil, text: "", renderedAt: result.renderedAt, armedAt: gatePassedAt,
      repliedAt: result.repliedAt, peer: result.peer)
    switch result.outcome {
    case .accepted(let reply): attempt.take(reply, stage: .dot)
    case .refused(let reply, let stage), .deferred(let reply, let stage): attempt.take(reply, stage: stage)
    case .interrupted(let reason, let stage): (attempt.text, attempt.stage) = (reason, stage)
    case .relayUnavailable(let reason, let reply, let stage):
      if let reply { attempt.take(reply, stage: stage) }
      (attempt.text, attempt.stage) = (reason, stage)
    case .withdrawn: break
    case .uncertain(let reason): (attempt.text, attempt.stage) = (reason, .dot)
    }
    if !wasTaken { attempt.text += " (arrived after the lease was lost)" }
    return attempt
  }
}

extension Attempt {
  fileprivate mutating func take(_ reply: ServerReply, stage: DeliveryStage) {
    self.stage = stage
    replyCode = reply.code
    enhancedStatus = reply.enhancedStatus
    text = reply.text
  }
}

extension DeliveryOutcome {
  static let acceptedName = "accepted"

  /// The word recorded with the attempt and in the send log.
  var name: String {
    switch self {
    case .accepted: DeliveryOutcome.acceptedName
    case .refused: "refused"
    case .deferred: "deferred"
    case .interrupted: "interrupted"
    case .relayUnavailable: "relay unavailable"
    case .withdrawn: "withdrawn"
    case .uncertain: "uncertain"
    }
  }

  /// The tally it adds to; none for what says nothing about a message.
  fileprivate var tally: String? {
    switch self {
    case .accepted, .refused, .deferred, .uncertain: name
    case .interrupted: "deferred"
    case .relayUnavailable, .withdrawn: nil
    }
  }
}

extension Actor {
  /// The program itself, deciding by policy.
  static func program(_ origin: String) -> Actor { Actor(name: "postroom", role: .lead, origin: origin) }
}
