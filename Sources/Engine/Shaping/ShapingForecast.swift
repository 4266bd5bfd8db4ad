import MailModel
import MailPolicy
import Storage

/// What a pause means for the mail that waits: when it will really go and what would expire first.
enum ShapingForecast {
  static func lines(
    _ pause: Pause, waiting: Int, context: OperationContext, in transaction: Transaction
  ) throws -> [String] {
    let queued =
      pause.scope.kind == .destination
      ? try destination(pause.scope, rules: (try? context.shaping()) ?? ShapingRules(), in: transaction)
      : try transaction.throttles.queued(in: pause.scope, limit: 10_000)
    var lines = [
      "\(Amount.atMost(queued.count)) queued messages belong to it\(waiting > 0 ? ", \(waiting) wait for it already" : "")"
    ]
    if let until = pause.until {
      let rate = try transaction.throttles.get(pause.scope).rate.flatMap { RateLimit($0) }
      let last = rate.map {
        until + Span(microseconds: TokenBucket(limit: $0).interval.microseconds * Int64(queued.count))
      }
      lines.append(
        "they go from \(Clockface.text(until))"
          + (last.map { ", the last about \(Clockface.text($0)) under \(rate?.description ?? "")" } ?? ""))
    } else {
      lines.append("they go when somebody lifts it")
    }
    if let oldest = queued.oldest {
      let expiry = oldest + context.maximumAge
      let isBefore = pause.until.map { expiry < $0 } ?? true
      lines.append("the oldest would expire at \(Clockface.text(expiry))\(isBefore ? ", before the pause ends" : "")")
    }
    return lines
  }

  /// A provider's mail has the names of many domains: told by the counters of each, the oldest within five minutes.
  private static func destination(
    _ scope: ShapingScope, rules: ShapingRules, in transaction: Transaction
  ) throws -> (count: Int, oldest: Timestamp?) {
    let book = ExchangerBook(rules: rules)
    book.take(try transaction.exchangers.found(since: Timestamp(microseconds: 0)))
    let domains = try transaction.destinations.waiting(limit: 100_000).filter { domain, _ in
      rules.destination(of: "@\(domain)", exchanger: book.deciding) == scope
    }
    let oldest = try domains.compactMap { try transaction.destinations.oldestCohort(domain: $0.domain) }.min()
    return (domains.reduce(0) { $0 + $1.count }, oldest)
  }
}
