public import Foundation
public import MailModel

/// One calendar day of a time zone. It has 23, 24 or 25 hours, and need not begin at 0:00 where clocks are set forward
/// at midnight.
public struct LocalDay: Sendable, Equatable {
  /// Days since 1970-01-01 on the calendar: neighbouring days differ by one, whatever their length.
  public var number: Int
  public var start: Timestamp
  /// The first moment of the next day.
  public var end: Timestamp

  public init(at moment: Timestamp, in timeZone: TimeZone) {
    let calendar = LocalDay.calendar(timeZone)
    let today = calendar.startOfDay(for: LocalDay.date(moment))
    start = Timestamp(seconds: Int64(today.timeIntervalSince1970.rounded(.down)))
    end = LocalDay.midnight(after: today, days: 1, calendar)
    number = LocalDay.number(of: today, calendar)
  }

  /// The day that `2026-03-29` names; `nil` when the calendar has no such day.
  public init?(_ text: String, in timeZone: TimeZone) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { $0.utf8.allSatisfy { (48...57).contains($0) } ? Int($0) : nil }
    guard parts.map(\.count) == [4, 2, 2], numbers.count == 3 else { return nil }
    let calendar = LocalDay.calendar(timeZone)
    let parsed = DateComponents(year: numbers[0], month: numbers[1], day: numbers[2], hour: 12)
    guard let noon = calendar.date(from: parsed) else { return nil }
    let found = calendar.dateComponents([.year, .month, .day], from: noon)
    guard [found.year, found.month, found.day] == numbers.map(Optional.some) else { return nil }
    self.init(at: Timestamp(seconds: Int64(noon.timeIntervalSince1970)), in: timeZone)
  }

  /// The first moments of the last `count` days up to this one, and the end of this one.
  public func boundaries(ofLast count: Int, in timeZone: TimeZone) -> [Timestamp] {
    let calendar = LocalDay.calendar(timeZone)
    return (1 - max(1, count)...0).map { LocalDay.midnight(after: LocalDay.date(start), days: $0, calendar) } + [end]
  }

  private static func calendar(_ timeZone: TimeZone) -> Calendar {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = timeZone
    return calendar
  }

  private static func date(_ moment: Timestamp) -> Date { Date(timeIntervalSince1970: Double(moment.seconds)) }

  private static func midnight(after day: Date, days: Int, _ calendar: Calendar) -> Timestamp {
    // From noon: no clock is changed by half a day, so the same wall time exists on the other day.
    let noon = day.addingTimeInterval(43_200)
    let other = calendar.date(byAdding: .day, value: days, to: noon) ?? noon.addingTimeInterval(86_400 * Double(days))
    return Timestamp(seconds: Int64(calendar.startOfDay(for: other).timeIntervalSince1970.rounded(.down)))
  }

  private static func number(of day: Date, _ calendar: Calendar) -> Int {
    let parts = calendar.dateComponents([.year, .month, .day], from: day)
    let same = LocalDay.calendar(.gmt).date(
      from: DateComponents(year: parts.year, month: parts.month, day: parts.day))
    return Int(((same ?? day).timeIntervalSince1970 / 86_400).rounded(.down))
  }
}
