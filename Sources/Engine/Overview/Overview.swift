public import MailModel
public import MailPolicy
import Storage

/// Everything the header shows, read in one snapshot, with where each number comes from.
public struct Overview: Sendable, Equatable {
  public var takenAt: Timestamp
  /// `nil` when the permit row could not be read: stopped.
  public var permit: SendPermit?
  /// Whether the latch file is there.
  public var isLatched: Bool
  /// Why sending is as it is.
  public var stop: StopWords
  /// Messages by state, from the store's counters.
  public var queue: [MessageState: Int]
  public var vitals: Vitals
  public var thresholds: AlertThresholds
  public var alerts: [Alert]
  /// Since when they stand, by their ids, as far as an engine has seen it.
  public var alertsSince: [String: Timestamp]
  public var counters: [String: Int]
  /// The relays of the configuration, in the order in which they are tried.
  public var relays: [RelayStanding]
  /// Inboxes' own relays that fail again and again.
  public var inboxRelays: [RelayStanding]
  /// Those of the configuration.
  public var mailboxes: [MailboxStanding]
  /// Whether any engine runs on this workspace.
  public var isEngineRunning: Bool
  /// Where sending stands on the resume ladder; `nil` unless it is ramping.
  public var ladder: ResumeLadder.Standing?
  /// How long the oldest armed message has waited for its reply; `nil` unless sending is ramping.
  public var armedFor: Span?
  /// Runs of engines that may send only so many messages, the latest first.
  public var runs: [LimitedRun]

  /// Whether messages may go out: both channels allow it.
  public var maySend: Bool { !isLatched && (permit?.allowsSending ?? false) }

  /// The word for scripts and the header: `open`, `ramping`, `ready`, `stopped`.
  public var stopState: String {
    if isLatched { return SendPermit.State.stopped.rawValue }
    return permit?.state.rawValue ?? SendPermit.State.stopped.rawValue
  }

  /// - Throws: `StoreError`.
  static func read(
    _ transaction: Transaction, latch: LatchFile, isEngineRunning: Bool, ladder: ResumeLadder, _ reading: VitalsReading,
    now: Timestamp
  ) throws -> Overview {
    let permit = try? transaction.permit.read()
    let vitals = try reading.vitals(transaction, now: now)
    let counters = try transaction.counters.all()
    let queue = Dictionary(
      uniqueKeysWithValues: MessageState.allCases.map { ($0, counters["message.\($0.rawValue)"] ?? 0) })
    let isLatched = latch.isPresent()
    return Overview(
      takenAt: now, permit: permit, isLatched: isLatched,
      stop: StopWords(permit, isLatched: isLatched, latch: latch), queue: queue, vitals: vitals,
      thresholds: reading.thresholds,
      alerts: AlertRules.alerts(vitals, permit: permit, isLatched: isLatched, thresholds: reading.thresholds),
      alertsSince: try transaction.standingAlerts.all(), counters: counters,
      relays: try RelayStanding.read(reading.relays, now: now, in: transaction),
      inboxRelays: try RelayStanding.failing([], now: now, in: transaction)
        .filter { !reading.relays.contains($0.relay) },
      mailboxes: try MailboxStanding.read(reading.mailboxes, in: transaction), isEngineRunning: isEngineRunning,
      ladder: try standing(permit, ladder, transaction),
      armedFor: permit?.state == .ramping ? try transaction.messages.earliestArmed().map { now - $0 } : nil,
      runs: isEngineRunning ? try transaction.runs.living(now: now).map(\.fact) : [])
  }

  private static func standing(
    _ permit: SendPermit?, _ ladder: ResumeLadder, _ transaction: Transaction
  ) throws -> ResumeLadder.Standing? {
    guard let permit, permit.state == .ramping else { return nil }
    return ladder.standing(permit, reports: try FreshReportCount.read(since: permit.changedAt, in: transaction))
  }
}

/// A run of an engine that may send only so many messages.
public struct LimitedRun: Sendable, Equatable {
  public var owner: String
  public var startedAt: Timestamp
  public var most: Int
  public var sent: Int

  public var isUsedUp: Bool { sent >= most }
}

extension Overview {
  /// The run that has sent as many as it may, and so holds back what is due.
  public var usedUpRun: LimitedRun? { runs.first(where: \.isUsedUp) }
}

extension OpenWorkspace {
  /// The run of a living engine that has sent as many as it may. - Throws: `StoreError`.
  public func usedUpRun() throws -> LimitedRun? {
    guard EngineLock.isHeld(path: workspace.engineLockPath) else { return nil }
    return try store.read { try $0.runs.living(now: clock.now()) }.map(\.fact).first(where: \.isUsedUp)
  }
}

extension LimitedRun {
  /// Whether a message in this state goes as soon as a run may send more.
  public func holdsBack(_ message: Message, now: Timestamp) -> Bool {
    isUsedUp && message.state == .queued && message.nextAttemptAt <= now
  }
}

extension EngineRuns.Run {
  var fact: LimitedRun { LimitedRun(owner: owner, startedAt: startedAt, most: most, sent: sent) }
}
