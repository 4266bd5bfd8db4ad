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
      try transaction.runs.all().map(\.fact).map { run in
        RunScope(
          run: run, waiting: run.isUsedUp ? try transaction.messages.dueCount(now: clock.now(), limit: 10_000) : 0)
      }
    }
  }

  /// Everything that holds mail back by scope, and what `data/shaping.yaml` limits, by name.
  /// - Throws: `ConfigurationError`, `StoreError`.
  public func shapedScopes() throws -> [ShapedScope] {
    let rules = try shaping()
    let now = clock.now()
    return try store.read { transaction in
      let pauses = try transaction.throttles.pauses().filter { $0.isActive(now: now) }
      var scopes = Set(try transaction.throttles.waitedFor()).union(pauses.map(\.scope)).union(rules.rates.keys)
      scopes.formUnion(rules.providers.map { ShapingScope(.destination, $0.name) })
      scopes.formUnion(try transaction.throttles.all().filter { $0.state.isOfInterest(now: now) }.map(\.scope))
      return try scopes.sorted { $0.description < $1.description }.map { scope in
        let state = try transaction.throttles.get(scope)
        let span = try transaction.throttles.waitingSpan(for: scope)
        let isSlowed = state.slowedUntil.map { now < $0 } ?? false
        return ShapedScope(
          scope: scope, limit: limit(of: scope, state, rules),
          source: state.isSetByHand ? "operator" : limit(of: scope, state, rules).isEmpty ? "" : "data/shaping.yaml",
          pause: pauses.first { $0.scope == scope }, slowedUntil: isSlowed ? state.slowedUntil : nil,
          slowedReason: isSlowed ? state.slowedReason : "", waiting: try transaction.throttles.waiting(for: scope),
          firstDue: span?.first, lastDue: span?.last)
      }
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

extension Throttles.State {
  fileprivate var isSetByHand: Bool { rate != nil || connections != nil }

  fileprivate func isOfInterest(now: Timestamp) -> Bool { isSetByHand || (slowedUntil.map { now < $0 } ?? false) }
}
