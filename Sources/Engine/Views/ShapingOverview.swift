public import MailModel
import MailPolicy
import Storage

/// One scope that has a limit, a pause or a slow-down, or that messages wait for.
public struct ShapedScope: Sendable, Equatable {
  public var scope: ShapingScope
  /// `100/min`, `5 at once`, as it holds now; empty for none.
  public var limit: String
  /// `operator` or `data/shaping.yaml`; empty without a limit.
  public var source: String
  public var pause: Pause?
  public var slowedUntil: Timestamp?
  public var slowedReason: String
  /// Messages that wait for it, counted no further than 10,000, and when the first and the last are due.
  public var waiting: Int
  public var firstDue: Timestamp?
  public var lastDue: Timestamp?

  /// Whether it holds something back now, or was set by a person.
  public var isOfInterest: Bool { waiting > 0 || pause != nil || slowedUntil != nil || source == "operator" }

  /// Why it holds mail back. Text from outside, as far as it quotes a server.
  public var why: String {
    if let pause {
      return
        "paused by \(pause.by) \(pause.until.map { "until \(Clockface.text($0))" } ?? "until lifted"): \(pause.reason)"
    }
    if let slowedUntil { return "asked for less until \(Clockface.text(slowedUntil)): \(slowedReason)" }
    if scope.kind == .inbox, source != "operator" { return source }
    return source.isEmpty ? "" : "limit from \(source)"
  }

  /// When the first or the last of what waits is due, in words.
  public func due(_ moment: Timestamp?, now: Timestamp) -> String {
    if let pause, pause.until == nil, waiting > 0 { return "when lifted" }
    return moment.map { Clockface.short($0, now: now) } ?? ""
  }

  /// `112 behind it, next 00:00:00; 40 a day; …`, for a screen.
  public func words(now: Timestamp) -> String {
    let next = due(firstDue, now: now)
    let behind = waiting == 0 ? "" : "\(Amount.atMost(waiting)) behind it, next \(next)"
    return [behind, limit, why].filter { !$0.isEmpty }.joined(separator: "; ")
  }
}

/// A run of an engine that may send only so many, and what is due and waits for it.
public struct RunScope: Sendable, Equatable {
  public var run: LimitedRun
  /// Counted no further than 10,000; 0 while the run may still send.
  public var waiting: Int
}

extension OpenWorkspace {
  /// Limited runs of engines that live. - Throws: `StoreError`.
  public func runScopes() throws -> [RunScope] {
    guard EngineLock.isHeld(path: workspace.engineLockPath) else { return [] }
    return try store.read { transaction in
      try transaction.runs.living(now: clock.now()).map(\.fact).map { run in
        RunScope(
          run: run, waiting: run.isUsedUp ? try transaction.messages.dueCount(now: clock.now(), limit: Amount.most) : 0)
      }
    }
  }

  /// Everything that holds mail back by scope, and what `data/shaping.yaml` limits, by name.
  /// - Throws: `ConfigurationError`, `StoreError`.
  public func shapedScopes() throws -> [ShapedScope] {
    let rules = try shaping()
    return try store.read { try shapedScopes(rules, $0) }
  }

  func shapedScopes(_ rules: ShapingRules, _ transaction: Transaction) throws -> [ShapedScope] {
    let now = clock.now()
    let inboxes = try InboxScopes(transaction, settings: workspace.configuration.inboxes, now: now)
    let pauses = try transaction.throttles.pauses().filter { $0.isActive(now: now) }
    var scopes = Set(try transaction.throttles.waitedFor()).union(pauses.map(\.scope)).union(rules.rates.keys).union(
      inboxes.paused)
    scopes.formUnion(rules.providers.map { ShapingScope(.destination, $0.name) })
    scopes.formUnion(try transaction.throttles.all().filter { $0.state.isOfInterest(now: now) }.map(\.scope))
    return try scopes.sorted { $0.description < $1.description }.map { scope in
      let state = try transaction.throttles.get(scope)
      let span = try transaction.throttles.waitingSpan(for: scope)
      let isSlowed = state.slowedUntil.map { now < $0 } ?? false
      let limit = limit(of: scope, state, rules)
      let (day, source) = inboxes.limit(of: scope)
      return ShapedScope(
        scope: scope, limit: [limit, day].filter { !$0.isEmpty }.joined(separator: ", "),
        source: state.isSetByHand ? "operator" : limit.isEmpty ? source : "data/shaping.yaml",
        pause: pauses.first { $0.scope == scope } ?? inboxes.pause(of: scope),
        slowedUntil: isSlowed ? state.slowedUntil : nil,
        slowedReason: isSlowed ? state.slowedReason : "", waiting: try transaction.throttles.waiting(for: scope),
        firstDue: span?.first, lastDue: span?.last)
    }
  }

  private func limit(of scope: ShapingScope, _ state: Throttles.State, _ rules: ShapingRules) -> String {
    let provider = scope.kind == .destination ? rules.provider(named: scope.key) : nil
    return [
      state.rate ?? rules.rate(of: scope)?.description, provider?.concurrency.map { "\($0) at once" },
      provider?.messagesPerConnection.map { "\($0) a connection" },
      state.connections.map { "\($0) connections" },
    ].compactMap { $0 }.joined(separator: ", ")
  }
}

/// What inboxes limit by themselves: their day and their own pause.
private struct InboxScopes {
  private let allowances: [ShapingScope: DailyAllowance]

  init(_ transaction: Transaction, settings: InboxSettings, now: Timestamp) throws {
    let limits = try InboxLimits.read(transaction, settings: settings, now: now)
    allowances = limits.addresses.reduce(into: [:]) { allowances, entry in
      allowances[ShapingScope(.inbox, entry.value)] = limits.allowances[entry.key]
    }
  }

  func limit(of scope: ShapingScope) -> (words: String, source: String) {
    guard let allowance = allowances[scope] else { return ("", "") }
    return ("\(allowance.limit) a day", "\(allowance.used) used today; \(allowance.explanation)")
  }

  /// Those that are paused by themselves, not by their scope.
  var paused: [ShapingScope] { allowances.filter { $0.value.pause != nil }.map(\.key) }

  func pause(of scope: ShapingScope) -> Pause? {
    allowances[scope]?.pause.map {
      Pause(scope: scope, reason: $0.reason, by: $0.by, since: $0.since, until: $0.until)
    }
  }
}

extension Throttles.State {
  fileprivate var isSetByHand: Bool { rate != nil || connections != nil }

  fileprivate func isOfInterest(now: Timestamp) -> Bool { isSetByHand || (slowedUntil.map { now < $0 } ?? false) }
}
