/// A moment, in whole microseconds since 1970-01-01T00:00:00Z.
///
/// The one form of time in values, rules and the store: integers compare exactly and survive every database.
/// Rules take `now` as a parameter; only the edges read a clock.
public struct Timestamp: Hashable, Comparable, Sendable, Codable {
  public var microseconds: Int64

  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// - Parameter seconds: whole seconds since 1970; stops at the ends of the range instead of wrapping.
  public init(seconds: Int64) { self.microseconds = Span.seconds(seconds).microseconds }

  /// Whole seconds since 1970, rounded down.
  public var seconds: Int64 {
    let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// Where the stretch of this width began that the moment lies in; they are counted from 1970, also backwards.
  public func floored(to width: Span) -> Timestamp {
    let remainder = microseconds % width.microseconds
    return self - Span(microseconds: remainder < 0 ? remainder + width.microseconds : remainder)
  }

  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

  /// The moment `span` later; stops at the ends of the range instead of wrapping.
  public static func + (moment: Timestamp, span: Span) -> Timestamp {
    let (sum, overflow) = moment.microseconds.addingReportingOverflow(span.microseconds)
    return Timestamp(microseconds: overflow ? (span.microseconds > 0 ? .max : .min) : sum)
  }

  public static func - (moment: Timestamp, span: Span) -> Timestamp {
    let (difference, overflow) = moment.microseconds.subtractingReportingOverflow(span.microseconds)
    return Timestamp(microseconds: overflow ? (span.microseconds > 0 ? .min : .max) : difference)
  }

  public static func - (later: Timestamp, earlier: Timestamp) -> Span {
    let (difference, overflow) = later.microseconds.subtractingReportingOverflow(earlier.microseconds)
    return Span(microseconds: overflow ? (later > earlier ? .max : .min) : difference)
  }

  public init(from decoder: any Decoder) throws { microseconds = try decoder.singleValueContainer().decode(Int64.self) }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(microseconds)
  }
}

/// A length of time in microseconds. Negative when it points backwards.
public struct Span: Hashable, Comparable, Sendable {
  public var microseconds: Int64

  public init(microseconds: Int64) { self.microseconds = microseconds }

  public static func milliseconds(_ count: Int64) -> Span { Span(microseconds: clamped(count, 1_000)) }
  public static func seconds(_ count: Int64) -> Span { Span(microseconds: clamped(count, 1_000_000)) }
  public static func minutes(_ count: Int64) -> Span { Span(microseconds: clamped(count, 60_000_000)) }
  public static func hours(_ count: Int64) -> Span { Span(microseconds: clamped(count, 3_600_000_000)) }
  public static func days(_ count: Int64) -> Span { Span(microseconds: clamped(count, 86_400_000_000)) }

  /// Seconds with their fraction.
  public var inSeconds: Double { Double(microseconds) / 1_000_000 }
  public var inMilliseconds: Double { Double(microseconds) / 1_000 }

  /// How long, either way: `4 s`, `12 min`, `3 h`, `5 d`.
  public var words: String {
    let seconds = microseconds.magnitude / 1_000_000
    if seconds < 120 { return "\(seconds) s" }
    if seconds < 7_200 { return "\(seconds / 60) min" }
    if seconds < 172_800 { return "\(seconds / 3_600) h" }
    return "\(seconds / 86_400) d"
  }

  public static func < (left: Span, right: Span) -> Bool { left.microseconds < right.microseconds }

  private static func clamped(_ count: Int64, _ unit: Int64) -> Int64 {
    let (product, overflow) = count.multipliedReportingOverflow(by: unit)
    return overflow ? (count > 0 ? .max : .min) : product
  }
}
