import MailModel
import MailPolicy
import Storage

/// Reads the insight in one snapshot.
struct InsightReading {
  /// Reasons that are read at the most.
  static let reasonLimit = 200

  let transaction: Transaction
  let inboxes: InboxSettings
  let now: Timestamp

  func read(destinations limit: Int, isStopped: Bool) throws -> QueueInsight {
    let counters = try transaction.counters.all()
    let total = try shape(try transaction.destinations.total(), domain: nil)
    let rate = try rateNow()
    let series = try series()
    let best = Double(series.max() ?? 0) / Tallies.bucket.inSeconds
    let pace = rate > 0 ? rate : best
    let lastDue = try transaction.messages.lastDue().map { (at: $0.at, by: $0.scope?.words) }
    return QueueInsight(
      takenAt: now,
      queue: Dictionary(
        uniqueKeysWithValues: MessageState.allCases.map { ($0, counters["message.\($0.rawValue)"] ?? 0) }),
      total: total,
      destinations: try transaction.destinations.largest(limit).map { try shape($0, domain: $0.domain) },
      rate: rate, pace: pace, series: series,
      lastHour: try latencies(since: now - .hours(1)), lastDay: try latencies(since: now - .days(1)),
      reasons: try transaction.deliveryReasons.top(since: now - .days(1), limit: InsightReading.reasonLimit),
      forecast: DrainForecast.forecast(
        waiting: total.waiting, lastDue: lastDue, pace: pace,
        limits: try DrainLimits(transaction: transaction, inboxes: inboxes, now: now).read(), isStopped: isStopped,
        now: now))
  }

  private func shape(_ destination: Destination, domain: String?) throws -> QueueInsight.Shape {
    let cohorts = try transaction.destinations.cohorts(domain: domain).map { (start: $0.start, count: $0.count) }
    return QueueInsight.Shape(
      destination: destination, ages: AgeColumns.counts(cohorts, width: Destinations.cohort, now: now))
  }

  /// Over the last minute, or over less when the last thousand attempts took less.
  private func rateNow() throws -> Double {
    let accepted = try transaction.attempts.accepted(since: now - .minutes(1))
    guard let first = accepted.first, accepted.count > 0 else { return 0 }
    let span = accepted.count >= 900 ? max((now - first).inSeconds, 0.001) : 60
    return Double(accepted.count) / span
  }

  /// The last 144 ten minutes, the running one last.
  private func series() throws -> [Int] {
    let values = try transaction.tallies.series("accepted", since: now - .days(1))
    let current = now.floored(to: Tallies.bucket)
    return (0..<144).map { place in
      values[current - Span(microseconds: Int64(143 - place) * Tallies.bucket.microseconds)] ?? 0
    }
  }

  private func latencies(since moment: Timestamp) throws -> [QueueInsight.Latency] {
    let histograms = try transaction.latencies.histograms(since: moment)
    return LatencyStage.allCases.map { stage in
      let histogram = histograms[stage.rawValue] ?? [:]
      return QueueInsight.Latency(
        stage: stage, count: histogram.values.reduce(0, +), p50: LatencyBins.percentile(0.5, of: histogram),
        p95: LatencyBins.percentile(0.95, of: histogram), p99: LatencyBins.percentile(0.99, of: histogram))
    }
  }
}

/// Histograms and reasons are kept for eight days.
enum InsightUpkeep {
  static let memory = Span.days(8)

  /// - Throws: `StoreError`.
  static func run(_ store: Store, now: Timestamp) throws {
    let oldest = now - memory
    guard try store.read({ try $0.deliveryReasons.hasAny(before: oldest) }) else { return }
    _ = try store.write { try $0.deliveryReasons.forget(before: oldest) }
  }
}
