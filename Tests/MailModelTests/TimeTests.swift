import MailModel
import Testing

/// Moments and lengths of time stop at the ends of their range: nothing from outside may trap or wrap.
@Suite struct TimeTests {
  @Test(
    arguments: [
      (Int64(0), Int64(0)), (1, 0), (999_999, 0), (1_000_000, 1), (-1, -1), (-1_000_000, -1), (-1_000_001, -2),
      (.max, 9_223_372_036_854), (.min, -9_223_372_036_855), (.min + 999_998, -9_223_372_036_854),
    ] as [(Int64, Int64)])
  func `whole seconds are rounded down`(microseconds: Int64, seconds: Int64) {
    #expect(Timestamp(microseconds: microseconds).seconds == seconds)
  }

  @Test(
    arguments: [
      (Int64(5), Int64(5_000_000)), (-5, -5_000_000), (.max, .max), (.min, .min), (9_223_372_036_855, .max),
      (-9_223_372_036_855, .min), (9_223_372_036_854, 9_223_372_036_854_000_000),
    ] as [(Int64, Int64)])
  func `seconds beyond the range stop at its ends`(seconds: Int64, microseconds: Int64) {
    #expect(Timestamp(seconds: seconds).microseconds == microseconds)
    #expect(Span.seconds(seconds).microseconds == microseconds)
  }

  @Test(
    arguments: [
      (Int64(10), Int64(5), Int64(15), Int64(5)), (.max, 1, .max, .max - 1), (.min, -1, .min, .min + 1),
      (.min, 1, .min + 1, .min), (0, .min, .min, .max), (-1, .min, .min, .max), (5, .max, .max, 5 - .max),
      (-2, .max, .max - 2, .min),
    ] as [(Int64, Int64, Int64, Int64)])
  func `a span added and taken away`(moment: Int64, span: Int64, sum: Int64, difference: Int64) {
    #expect((Timestamp(microseconds: moment) + Span(microseconds: span)).microseconds == sum)
    #expect((Timestamp(microseconds: moment) - Span(microseconds: span)).microseconds == difference)
  }

  @Test(
    arguments: [
      (Int64(7), Int64(3), Int64(4)), (3, 7, -4), (.max, .min, .max), (.min, .max, .min), (.max, -1, .max),
      (0, .min, .max),
    ] as [(Int64, Int64, Int64)])
  func `the span between two moments`(later: Int64, earlier: Int64, span: Int64) {
    #expect((Timestamp(microseconds: later) - Timestamp(microseconds: earlier)).microseconds == span)
  }

  @Test(arguments: [(Int64(0), Int64(0)), (9, 0), (10, 10), (11, 10), (-1, -10), (-10, -10), (-11, -20), (.min, .min)])
  func `stretches begin at the same moments before 1970 as after`(moment: Int64, start: Int64) {
    #expect(Timestamp(microseconds: moment).floored(to: Span(microseconds: 10)).microseconds == start)
  }

  @Test(
    arguments: [
      (.seconds(0), "0 s"), (.seconds(119), "119 s"), (.seconds(120), "2 min"), (.minutes(119), "119 min"),
      (.hours(2), "2 h"), (.hours(47), "47 h"), (.days(2), "2 d"), (.minutes(-5), "5 min"),
      (Span(microseconds: .min), "106751991 d"),
    ] as [(Span, String)])
  func `a span is told in its largest unit that says enough`(span: Span, words: String) {
    #expect(span.words == words)
  }

  @Test func `units saturate`() {
    let tooMany = Int64.max / 2
    for span in [Span.milliseconds(.max), .seconds(tooMany), .minutes(tooMany), .hours(tooMany), .days(tooMany)] {
      #expect(span.microseconds == .max)
    }
    #expect(Span.days(-tooMany).microseconds == .min)
    #expect(Span.days(1) == .hours(24))
    #expect(Span.milliseconds(1_500).inSeconds == 1.5)
    #expect(Span.seconds(2).inMilliseconds == 2_000)
  }
}
