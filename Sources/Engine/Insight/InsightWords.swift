public import MailModel
public import MailPolicy
import Storage

/// The insight in words, the same in every face.
public enum InsightWords {
  /// `0.9 ms`, `34 ms`, `1.2 s`, `12 min`.
  public static func duration(_ span: Span?) -> String {
    guard let span else { return "none" }
    let milliseconds = span.inMilliseconds
    if milliseconds < 0.05 { return "<0.1 ms" }
    if milliseconds < 10 { return "\(tenths(milliseconds)) ms" }
    if milliseconds < 1_000 { return "\(Int(milliseconds.rounded())) ms" }
    if milliseconds < 120_000 { return "\(tenths(milliseconds / 1_000)) s" }
    return span.words
  }

  /// `12.5/s`, `3.0/min`, `nothing goes out`.
  public static func rate(_ perSecond: Double) -> String {
    if perSecond <= 0 { return "nothing goes out" }
    return perSecond >= 1 ? "\(tenths(perSecond))/s" : "\(tenths(perSecond * 60))/min"
  }

  /// One decimal; halves round away from zero.
  static func tenths(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(abs(tenths % 10))"
  }

  /// `empty at 05:40:00 (in 17 min)`, and what decides that: `: daily limit of inbox a@example.org`.
  public static func forecast(_ forecast: DrainForecast, now: Timestamp) -> String {
    let cause = forecast.limitedBy.map { ": \($0)" } ?? ""
    switch forecast.answer {
    case .empty: return "nothing waits"
    case .stopped: return "never: sending is stopped"
    case .held(let left): return "never, as it is: \(Amount.words(left, "message")) held back\(cause)"
    case .unknown: return "unknown: nothing was accepted in the last day"
    case .at(let moment):
      return "empty at \(Clockface.short(moment, now: now)) (in \((moment - now).words))\(cause)"
    case .beyond(let moment, let left):
      return "not before \(Clockface.text(moment)): \(left) left then\(cause)"
    }
  }

  /// `450 4.2.1 mailbox busy`.
  public static func reason(_ reason: DeliveryReason) -> String {
    [reason.replyCode.map(String.init) ?? "", reason.enhancedStatus, reason.shape].filter { !$0.isEmpty }
      .joined(separator: " ")
  }
}

extension Provenance {
  /// One entry for every number of the insight.
  public static func all(_ insight: QueueInsight) -> [Provenance] {
    let hour = insight.lastHour.first { $0.stage == .total }
    return [
      Provenance(
        number: "waiting", value: "\(insight.total.waiting)",
        source: "table destination, kinds queued and deferred, kept by triggers in the transaction of every change"),
      Provenance(
        number: "ages", value: Amount.words(insight.destinations.count, "destination"),
        source:
          "table destination_age: cohorts of \(Destinations.cohort.microseconds / 60_000_000) minutes by enqueue time; "
          + "a message counts as old as the youngest of its cohort; held and uncertain ones have no column"),
      Provenance(
        number: "rate", value: InsightWords.rate(insight.rate),
        source: "accepted among the last 1,000 attempts, of the last minute"),
      Provenance(
        number: "pace", value: InsightWords.rate(insight.pace),
        source: "the rate; when nothing goes out, the best ten minutes of the last day; tally accepted"),
      Provenance(
        number: "latency", value: "p50 \(InsightWords.duration(hour?.p50)) of \(hour?.count ?? 0) in the last hour",
        source: "table latency: a histogram for each ten minutes, four bins to an octave, right to a tenth; "
          + "from attempts' rendered_at, armed_at, replied_at"),
      Provenance(
        number: "reasons", value: "\(insight.reasons.count)",
        source: "table delivery_reason, the last day by hours: attempts that were not accepted, by destination, reply "
          + "code, enhanced status code and the text without what differs from message to message"),
      Provenance(
        number: "forecast", value: InsightWords.forecast(insight.forecast, now: insight.takenAt),
        source: "what waits over the pace; not before the last retry is due, nor before daily limits of inboxes and "
          + "pauses let the last message go"),
    ]
  }
}
