public import Foundation
public import MailModel

/// The local calendar day: a checklist belongs to one.
public enum Day {
  /// Midnight before `now`, local time.
  static func start(of now: Timestamp, timeZone: TimeZone = .current) -> Timestamp {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = timeZone
    let start = calendar.startOfDay(for: Date(timeIntervalSince1970: Double(now.seconds)))
    return Timestamp(seconds: Int64(start.timeIntervalSince1970))
  }

  /// The beginning of the local day that is `days` calendar days after the day of `now`. Clock changes do not shift it.
  public static func start(after days: Int, from now: Timestamp, timeZone: TimeZone = .current) -> Timestamp {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = timeZone
    let today = calendar.startOfDay(for: Date(timeIntervalSince1970: Double(now.seconds)))
    guard let day = calendar.date(byAdding: .day, value: days, to: today) else { return now + .days(Int64(days)) }
    return Timestamp(seconds: Int64(calendar.startOfDay(for: day).timeIntervalSince1970))
  }

  /// Reads `2026-12-21`, or a number of days from today. `nil` for anything else, and for a day before today.
  public static func start(_ text: String, now: Timestamp, timeZone: TimeZone = .current) -> Timestamp? {
    let word = text.trimmingCharacters(in: .whitespaces)
    if let days = Int(word) {
      return (0...3_650).contains(days) ? start(after: days, from: now, timeZone: timeZone) : nil
    }
    let parts = word.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2] else { return nil }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = timeZone
    let wanted = DateComponents(year: year, month: month, day: day)
    guard wanted.isValidDate(in: calendar), let date = calendar.date(from: wanted) else { return nil }
    let start = Timestamp(seconds: Int64(calendar.startOfDay(for: date).timeIntervalSince1970))
    return start >= Day.start(of: now, timeZone: timeZone) ? start : nil
  }
}
