import MailModel
import MailPolicy
import Storage
import Synchronization

/// Looks at every inbox now and then: notes its health, pauses those that are unwell, ends pauses that are over.
final class InboxEvaluation: Sendable {
  static let interval = Span.minutes(1)

  private let store: Store
  private let settings: InboxSettings
  private let origin: String
  private let lastRun = Mutex<Timestamp?>(nil)

  init(store: Store, settings: InboxSettings, origin: String) {
    self.store = store
    self.settings = settings
    self.origin = origin
  }

  /// Evaluates when it is time to.
  /// - Throws: `StoreError`.
  func runIfDue(now: Timestamp) throws {
    let isDue = lastRun.withLock { last in
      if let last, now < last + InboxEvaluation.interval, now >= last { return false }
      last = now
      return true
    }
    if isDue { try run(now: now) }
  }

  /// - Returns: how many inboxes were paused or resumed.
  /// - Throws: `StoreError`.
  @discardableResult
  func run(now: Timestamp) throws -> Int {
    let readings = try store.read { transaction in
      try transaction.inboxes.all().map { try InboxReading.read($0, transaction, settings: settings, now: now) }
    }
    // Nothing is written when nothing changed: a commit wakes every screen.
    guard readings.contains(where: { $0.isNews(now: now) }) else { return 0 }
    return try store.write { transaction in
      var changed = 0
      for reading in readings {
        if reading.isStale(now: now) {
          try transaction.inboxes.noteHealth(reading.inbox.id, health: reading.report.score, now: now)
          // It may send more today than what waits was told.
          if let before = reading.inbox.health, before < reading.report.score {
            try transaction.throttles.wake(ShapingScope(.inbox, reading.inbox.address))
          }
        }
        if try apply(reading, now: now, in: transaction) { changed += 1 }
      }
      return changed
    }
  }

  /// By version: what an operator decided since the reading stands.
  private func apply(_ reading: InboxReading, now: Timestamp, in transaction: Transaction) throws -> Bool {
    let inbox = reading.inbox
    let program = Actor.program(origin)
    switch reading.step {
    case .stay: return false
    case .pause(let until, let reason):
      let pause = InboxPause(since: now, until: until, reason: reason, by: program.name, isAutomatic: true)
      guard try transaction.inboxes.setPause(inbox.id, version: inbox.version, pause) else { return false }
      try audit(
        "policy.inbox-pause", inbox, reason, ["until": Clockface.utc(until)].merging(reading.details) { $1 }, now,
        transaction)
    case .resume:
      guard try transaction.inboxes.clearPause(inbox.id, version: inbox.version, now: now) else { return false }
      try audit(
        "policy.inbox-resume", inbox, "its pause is over", ["was": inbox.pause?.reason ?? ""], now, transaction)
    }
    return true
  }

  private func audit(
    _ operation: String, _ inbox: Inbox, _ reason: String, _ details: [String: String], _ now: Timestamp,
    _ transaction: Transaction
  ) throws {
    _ = try transaction.audit.append(
      at: now, actor: .program(origin), operation: operation, subject: "inbox:\(inbox.id)", reason: reason,
      detailsJSON: JSONLine.object(details.merging(["address": inbox.address]) { $1 }))
  }
}

/// An inbox with its evidence, judged.
struct InboxReading: Sendable, Equatable {
  var inbox: Inbox
  /// Of the health window.
  var tally: InboxTally
  var report: HealthReport
  var step: InboxStep

  /// - Throws: `StoreError`.
  static func read(
    _ inbox: Inbox, _ transaction: Transaction, settings: InboxSettings, now: Timestamp
  ) throws -> InboxReading {
    // The quarter of an hour that is running counts as well.
    let end = now + .minutes(15)
    let tally = try transaction.inboxes.tally(inbox.id, from: now - settings.health.window, to: end)
    let age =
      LocalDay(at: now, in: settings.timeZone).number - LocalDay(at: inbox.startedAt, in: settings.timeZone).number
    let report = settings.health.report(tally, age: age)
    var bad = 0
    if let since = inbox.probationSince {
      // From the next quarter on: what came in before the pause was over shares a bucket with its end.
      let fresh = try transaction.inboxes.tally(inbox.id, from: since + .minutes(15), to: end)
      bad = fresh.refused + fresh.bounced + fresh.complained
    }
    let step = settings.health.step(inbox, report, badSinceProbation: bad, now: now)
    return InboxReading(inbox: inbox, tally: tally, report: report, step: step)
  }

  /// Whether what is stored about its health is not what it is, or so old that one would wonder.
  func isStale(now: Timestamp) -> Bool {
    inbox.health != report.score || (inbox.evaluatedAt.map { now - $0 > .hours(1) || $0 > now } ?? true)
  }

  func isNews(now: Timestamp) -> Bool { step != .stay || isStale(now: now) }

  /// Each factor for the audit row.
  var details: [String: String] {
    Dictionary(report.factors.map { ($0.name, $0.explanation) }, uniquingKeysWith: { first, _ in first })
  }
}
