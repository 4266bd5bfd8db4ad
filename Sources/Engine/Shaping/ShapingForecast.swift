import MailModel
import MailPolicy
import Storage

/// What a pause means for the mail that waits: when it will really go and what would expire first.
struct ShapingForecast {
  let pause: Pause
  let context: OperationContext
  let transaction: Transaction
  private var scope: ShapingScope { pause.scope }

  func lines() throws -> [String] {
    let rules = (try? context.shaping()) ?? ShapingRules()
    let others = try otherRelays()
    let queued = try queued(rules, isOnlyRelay: others?.isEmpty ?? false)
    let waiting = try transaction.throttles.waiting(for: scope)
    var lines = [
      "\(Amount.atMost(queued.count)) queued messages belong to it\(waiting > 0 ? ", \(waiting) wait for it already" : "")"
    ]
    if let other = others?.first { lines.append("all others go over \(other) meanwhile") }
    guard queued.count > 0 else { return lines }
    let last = try last(of: queued.count, rules)
    let end = pause.until.map { "they go from \(Clockface.text($0)), under the other limits" }
    lines.append((end ?? "they go when somebody lifts it") + (last.map { "; the last about \($0.words)" } ?? ""))
    if let oldest = queued.oldest {
      let expiry = oldest + context.maximumAge
      let isBefore = (last?.at ?? pause.until).map { expiry < $0 ? ", before it would go" : "" }
      lines.append(
        "the oldest would expire at \(Clockface.text(expiry))\(isBefore ?? ", unless it is lifted before")")
    }
    return lines
  }

  /// Relays of the list that take the mail while this one of it is paused; `nil` for any other scope.
  private func otherRelays() throws -> [String]? {
    guard context.relays.contains(where: { ShapingScope(.relay, $0) == scope }) else { return nil }
    return try RelayStanding.read(context.relays, now: context.now, in: transaction).filter { relay in
      if case .paused = relay.condition { return false }
      return ShapingScope(.relay, relay.relay) != scope
    }.map(\.relay)
  }

  private func queued(_ rules: ShapingRules, isOnlyRelay: Bool) throws -> (count: Int, oldest: Timestamp?) {
    guard scope.kind == .destination else {
      return try transaction.throttles.queued(in: scope, limit: Amount.most, isOnlyRelay: isOnlyRelay)
    }
    return try destination(rules)
  }

  /// When the last of them goes after the pause, under the scope's own rate or the inbox's day; `nil` without either.
  private func last(of count: Int, _ rules: ShapingRules) throws -> (at: Timestamp, words: String)? {
    guard let until = pause.until else { return nil }
    let own = try transaction.throttles.get(scope).rate.flatMap { RateLimit($0) }
    let byRate = (own ?? rules.rate(of: scope)).map { rate in
      let at = until + Span(microseconds: TokenBucket(limit: rate).interval.microseconds * Int64(count))
      return (at: at, words: "\(Clockface.text(at)) under \(rate)")
    }
    return [byRate, try lastDay(of: count, from: until)].compactMap { $0 }.max { $0.at < $1.at }
  }

  private func lastDay(of count: Int, from until: Timestamp) throws -> (at: Timestamp, words: String)? {
    guard scope.kind == .inbox, let inbox = try transaction.inboxes.get(address: scope.key) else { return nil }
    let limits = try InboxLimits.read(transaction, settings: context.inboxes, now: context.now)
    guard let allowance = limits.allowances[inbox.id], allowance.limit > 0 else { return nil }
    let day = LocalDay(at: until, in: context.inboxes.timeZone)
    let rest = count - (day == limits.day ? max(0, allowance.limit - allowance.used) : allowance.limit)
    guard rest > 0 else { return nil }
    let at = day.end + .days(Int64((rest - 1) / allowance.limit))
    return (at, "\(Clockface.day(at)) under \(allowance.limit) a day")
  }

  /// A provider's mail has the names of many domains: told by the counters of each, the oldest within five minutes.
  private func destination(_ rules: ShapingRules) throws -> (count: Int, oldest: Timestamp?) {
    let book = ExchangerBook(rules: rules)
    book.take(try transaction.exchangers.found(since: Timestamp(microseconds: 0)))
    let domains = try transaction.destinations.waiting(limit: 100_000).filter { domain, _ in
      domain == scope.key || rules.destination(of: "@\(domain)", exchanger: book.deciding) == scope
    }
    let oldest = try domains.compactMap { try transaction.destinations.oldestCohort(domain: $0.domain) }.min()
    return (domains.reduce(0) { $0 + $1.count }, oldest)
  }
}
