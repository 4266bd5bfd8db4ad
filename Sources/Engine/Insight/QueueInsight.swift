public import MailModel
public import MailPolicy
import Storage

/// What the queue looks like and when it will be empty: by destination and age, pace, latency, reasons, forecast.
///
/// Made of counters, tallies and histograms that are kept as things happen; a million waiting messages cost what a few do.
public struct QueueInsight: Sendable, Equatable {
  /// One line of the shape: what waits for a domain, and for how long already.
  public struct Shape: Sendable, Equatable {
    public var destination: Destination
    /// Queued and deferred messages by the columns of `AgeColumns`.
    public var ages: [Int]
    /// Whose it is; `nil` for the sum of all.
    public var standing: ProviderStanding?

    public var waiting: Int { destination.queued + destination.deferred }

    /// Upper bounds of the ages in minutes: `5`, `10` … `1280+`.
    public static let ageTitles = AgeColumns.titles

    /// The oldest column that has something, in words; `nil` when nothing waits.
    public var oldest: String? {
      guard let index = ages.lastIndex(where: { $0 > 0 }) else { return nil }
      return index < AgeColumns.minutes.count ? "< \(AgeColumns.titles[index]) min" : "\(AgeColumns.titles[index]) min"
    }
  }

  /// Percentiles of one part of the way.
  public struct Latency: Sendable, Equatable {
    public var stage: LatencyStage
    public var count: Int
    public var p50: Span?
    public var p95: Span?
    public var p99: Span?

    public var title: String { stage.title }
  }

  public var takenAt: Timestamp
  public var queue: [MessageState: Int]
  public var total: Shape
  /// The largest destinations, largest first.
  public var destinations: [Shape]
  /// Accepted messages a second during the last minute.
  public var rate: Double
  /// The pace the forecast reckons with: the rate, or the best ten minutes of the last day when nothing goes out now.
  public var pace: Double
  /// Accepted messages in each ten minutes of the last day, oldest first.
  public var series: [Int]
  public var lastHour: [Latency]
  public var lastDay: [Latency]
  /// Why deliveries did not succeed in the last day, the most frequent first.
  public var reasons: [DeliveryReasonCount]
  public var forecast: DrainForecast
  /// Limits, pauses and slow-downs that hold mail back, by name.
  public var scopes: [ShapedScope] = []

  /// Reasons about one destination; all of them for `nil`.
  public func reasons(for domain: String?) -> [DeliveryReasonCount] {
    domain.map { domain in reasons.filter { $0.reason.domain == domain } } ?? reasons
  }
}

extension OpenWorkspace {
  /// - Throws: `StoreError`.
  public func insight(destinations: Int = 50) throws -> QueueInsight {
    let isLatched = stop.latch.isPresent()
    // A mistake in the file must not take the whole pane away; `postroom check` names it.
    let rules = (try? shaping()) ?? ShapingRules()
    let configuration = workspace.configuration
    return try store.read { transaction in
      let isOpen = (try? transaction.permit.read().allowsSending) ?? false
      var insight = try InsightReading(transaction: transaction, inboxes: configuration.inboxes, now: clock.now())
        .read(destinations: destinations, isStopped: isLatched || !isOpen)
      for index in insight.destinations.indices {
        insight.destinations[index].standing = try ProviderStanding.read(
          insight.destinations[index].destination.domain, rules: rules, isAsking: configuration.exchangers.isOn,
          in: transaction)
      }
      // Shown beside destinations only.
      if destinations > 0 { insight.scopes = try shapedScopes(rules, transaction).filter(\.isOfInterest) }
      return insight
    }
  }
}
