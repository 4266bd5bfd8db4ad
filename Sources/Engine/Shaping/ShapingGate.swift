import MailModel
import MailPolicy
import Storage

/// Limits, pauses and slow-downs for the messages of one claim, inside its transaction: what one engine takes from a
/// bucket, every other one finds taken.
final class ShapingGate {
  private let rules: ShapingRules
  private let exchangers: ExchangerBook
  private let relay: ShapingScope
  private let now: Timestamp
  /// What a message takes on its connection, for guessing when a busy destination has room again.
  private let transactionSpan: Span
  private let transaction: Transaction
  private let pauses: [ShapingScope: Pause]
  private var states: [ShapingScope: Throttles.State] = [:]
  private var changed: Set<ShapingScope> = []
  private var underWay: [ShapingScope: Int]?
  private var retold: [ShapingScope: Int64] = [:]
  private let inboxSettings: InboxSettings
  private var inboxes: InboxLimits?

  /// Why a message cannot go now.
  private struct Obstacle {
    var scope: ShapingScope
    var until: Timestamp
    /// Between two messages once it is gone.
    var spacing: Span
    var reason: String
  }

  init(
    rules: ShapingRules, exchangers: ExchangerBook, inboxes: InboxSettings, pauses active: [Pause], relay: String,
    pace: Span?, now: Timestamp, in transaction: Transaction
  ) throws {
    inboxSettings = inboxes
    self.exchangers = exchangers
    var rules = rules
    for (scope, text) in try transaction.throttles.rates() { rules.rates[scope] = RateLimit(text) }
    self.rules = rules
    self.relay = ShapingScope(.relay, relay)
    self.now = now
    self.transaction = transaction
    transactionSpan = max(pace ?? .milliseconds(50), .milliseconds(10))
    pauses = Dictionary(
      active.map { ($0.scope, $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// - Returns: `nil` when the message may go; its tokens are taken then.
  func obstacle(to due: DueMessage) throws -> ClaimDecision? {
    let scopes = try scopes(of: due)
    if let inbox = due.inboxID {
      let limits = try inboxLimits()
      let scope = ShapingScope(.inbox, limits.addresses[inbox] ?? due.account)
      if let hindrance = limits.allowances[inbox]?.hindrance(of: scope.key) {
        let obstacle = Obstacle(
          scope: scope, until: hindrance.until ?? now + .endless, spacing: .milliseconds(1), reason: hindrance.reason)
        return .wait(until: try moment(obstacle, due), scope: scope, reason: obstacle.reason)
      }
    }
    if let paused = pause(of: scopes) { return paused }
    for scope in scopes {
      if let obstacle = try limit(scope) {
        return .wait(until: try moment(obstacle, due), scope: scope, reason: obstacle.reason)
      }
    }
    for scope in scopes { try take(scope) }
    if let inbox = due.inboxID { inboxes?.allowances[inbox]?.used += 1 }
    return nil
  }

  private static func reason(_ scope: ShapingScope, _ rate: RateLimit) -> String { "limit of \(scope.words): \(rate)" }
  private static func reason(_ scope: ShapingScope, most: Int) -> String {
    "limit of \(scope.words): \(most) under way at once"
  }

  /// Whether what waits for a scope with this reason was told so under other limits than those of now.
  func isOutdated(_ reason: String, of scope: ShapingScope) throws -> Bool {
    if pauses[scope] != nil { return false }
    if reason.hasPrefix("limit of ") {
      let known = [
        rules.rate(of: scope).map { Self.reason(scope, $0) }, concurrency(scope).map { Self.reason(scope, most: $0) },
      ]
      return !known.contains(reason)
    }
    guard scope.kind == .inbox else { return false }
    let limits = try inboxLimits()
    let inbox = limits.addresses.first { $0.value == scope.key }?.key
    return inbox.flatMap { limits.allowances[$0]?.hindrance(of: scope.key)?.reason } != reason
  }

  /// The pause that holds a message back now, if any; takes no tokens.
  func pause(of due: DueMessage) throws -> ClaimDecision? { pause(of: try scopes(of: due)) }

  private func pause(of scopes: [ShapingScope]) -> ClaimDecision? {
    for scope in scopes {
      guard let pause = pauses[scope] else { continue }
      let reason = "\(scope.words) is paused by \(pause.by): \(pause.reason)"
      return .wait(until: pause.until ?? now + .endless, scope: scope, reason: reason)
    }
    return nil
  }

  /// Everything about a message that can be limited or paused: its provider's domain also by itself.
  private func scopes(of due: DueMessage) throws -> [ShapingScope] {
    let name = Destination.domain(of: due.recipient)
    let domain = ShapingScope(.destination, name)
    let provider = rules.provider(of: name, known: exchangers.deciding).map { ShapingScope(.destination, $0.name) }
    var scopes = [try relay(of: due), ShapingScope(.account, due.account), provider ?? domain]
    if let provider, provider != domain { scopes.append(domain) }
    if !due.campaign.isEmpty { scopes.append(ShapingScope(.campaign, due.campaign)) }
    if let inbox = due.inboxID {
      scopes.append(ShapingScope(.inbox, try inboxLimits().addresses[inbox] ?? due.account))
    }
    return scopes
  }

  /// The one that it would go over: chosen by an operator, its inbox's own, else that of the list.
  private func relay(of due: DueMessage) throws -> ShapingScope {
    if let chosen = due.relay { return ShapingScope(.relay, chosen) }
    let own = try due.inboxID.flatMap { try inboxLimits().servers[$0] }
    return own.map { ShapingScope(.relay, $0) } ?? relay
  }

  /// Today's allowances; what is leased counts as used, because it may be armed at any moment.
  private func inboxLimits() throws -> InboxLimits {
    if let inboxes { return inboxes }
    var limits = try InboxLimits.read(transaction, settings: inboxSettings, now: now)
    for inbox in limits.allowances.keys {
      limits.allowances[inbox]?.used += try transaction.throttles.leased(inbox: inbox)
    }
    inboxes = limits
    return limits
  }

  private func limit(_ scope: ShapingScope) throws -> Obstacle? {
    let state = try state(scope)
    if let until = state.slowedUntil, now < until {
      return Obstacle(
        scope: scope, until: until, spacing: .milliseconds(10),
        reason: "\(scope.words) asked for less: \(state.slowedReason)")
    }
    if let rate = rules.rate(of: scope) {
      var bucket = TokenBucket(limit: rate, fullAt: state.fullAt)
      bucket.bound(now: now)
      try keep(bucket, of: scope)
      let next = bucket.next(now: now)
      if next > now {
        return Obstacle(scope: scope, until: next, spacing: bucket.interval, reason: Self.reason(scope, rate))
      }
    }
    if let most = concurrency(scope), try count(scope) >= most {
      let spacing = Span(microseconds: max(transactionSpan.microseconds / Int64(most), 1))
      return Obstacle(
        scope: scope, until: now + transactionSpan, spacing: spacing,
        reason: Self.reason(scope, most: most))
    }
    return nil
  }

  private func take(_ scope: ShapingScope) throws {
    if let rate = rules.rate(of: scope) {
      var bucket = TokenBucket(limit: rate, fullAt: try state(scope).fullAt)
      bucket.take(now: now)
      try keep(bucket, of: scope)
    }
    if concurrency(scope) != nil { underWay?[scope, default: 0] += 1 }
  }

  private func keep(_ bucket: TokenBucket, of scope: ShapingScope) throws {
    var state = try state(scope)
    guard state.fullAt != bucket.fullAt else { return }
    state.fullAt = bucket.fullAt
    states[scope] = state
    changed.insert(scope)
  }

  /// The moment to look again. Messages that come for the first time are told moments one after another, so that each is
  /// looked at about once; those that were told before keep their place at the head.
  private func moment(_ obstacle: Obstacle, _ due: DueMessage) throws -> Timestamp {
    let spacing = obstacle.spacing.microseconds
    if due.waitsFor == obstacle.scope.description {
      let place = retold[obstacle.scope, default: 0]
      retold[obstacle.scope] = place + 1
      return obstacle.until + Span(microseconds: spacing * place)
    }
    var state = try state(obstacle.scope)
    let moment = max(state.toldUntil, obstacle.until)
    state.toldUntil = moment + obstacle.spacing
    states[obstacle.scope] = state
    changed.insert(obstacle.scope)
    return moment
  }

  private func state(_ scope: ShapingScope) throws -> Throttles.State {
    if let known = states[scope] { return known }
    let state = try transaction.throttles.get(scope)
    states[scope] = state
    return state
  }

  private func concurrency(_ scope: ShapingScope) -> Int? {
    scope.kind == .destination ? rules.provider(named: scope.key)?.concurrency : nil
  }

  private func count(_ scope: ShapingScope) throws -> Int {
    if underWay == nil {
      underWay = [:]
      for recipient in try transaction.throttles.recipientsUnderWay() {
        underWay?[rules.destination(of: recipient, exchanger: exchangers.deciding), default: 0] += 1
      }
    }
    return underWay?[scope] ?? 0
  }

  /// Writes back what changed; before the transaction ends.
  func save() throws {
    for scope in changed { if let state = states[scope] { try transaction.throttles.set(scope, state) } }
  }
}
