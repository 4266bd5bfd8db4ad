public import MailModel

/// Parts of the way from rendered to replied (runbook: "Delivery latency", `rendered_at` and `smtp_response`).
public enum LatencyStage: String, Sendable, CaseIterable {
  /// Rendered to armed: waiting for the commit that allows the final dot.
  case arm
  /// Armed to replied: the relay.
  case reply
  /// Rendered to replied.
  case total
  /// Enqueued to replied: what a recipient waits.
  case queue

  /// In words.
  public var title: String {
    switch self {
    case .arm: "rendered → armed"
    case .reply: "armed → replied"
    case .total: "rendered → replied"
    case .queue: "enqueued → replied"
    }
  }
}

/// Classes of duration, four to an octave: a percentile read from them is off by a tenth at the most.
public enum LatencyBins {
  /// The largest bin: more than four months.
  static let last = 4 * 44

  private static let quarters = [1.0, 1.189_207_115, 1.414_213_562, 1.681_792_831]

  /// The bin of a duration; what is shorter than a microsecond, or negative because a clock was set, is in the first.
  public static func index(of span: Span) -> Int {
    guard span.microseconds > 0 else { return 0 }
    let octave = 63 - span.microseconds.leadingZeroBitCount
    let share = Double(span.microseconds) / Double(Int64(1) << Int64(octave))
    let quarter = quarters.lastIndex { share >= $0 } ?? 0
    return min(octave * 4 + quarter, last)
  }

  /// The middle of a bin.
  public static func middle(of bin: Int) -> Span {
    let bin = min(max(bin, 0), last)
    let lower = Double(Int64(1) << Int64(bin / 4)) * quarters[bin % 4]
    return Span(microseconds: Int64((lower * 1.090_507_733).rounded()))
  }

  /// The duration that a share (0 to 1) of what was counted did not exceed, by nearest rank; `nil` without counts.
  public static func percentile(_ share: Double, of histogram: [Int: Int]) -> Span? {
    let total = histogram.values.reduce(0) { $0 + max(0, $1) }
    guard total > 0 else { return nil }
    let rank = max(1, Int((share * Double(total)).rounded(.up)))
    var seen = 0
    for (bin, count) in histogram.sorted(by: { $0.key < $1.key }) {
      seen += max(0, count)
      if seen >= rank { return middle(of: bin) }
    }
    return histogram.keys.max().map(middle)
  }
}
