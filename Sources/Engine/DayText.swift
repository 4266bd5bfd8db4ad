public import Foundation
public import MailModel

/// Days and moments as people type them.
public enum DayText {
  /// The start of a day `2026-11-21` in local time; `nil` for anything else.
  public static func start(of text: String, timeZone: TimeZone = .current) -> Timestamp? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 4, parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
    else { return nil }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = timeZone
    let wanted = DateComponents(year: year, month: month, day: day)
    // The calendar would make 1 March of 30 February.
    guard let date = calendar.date(from: wanted),
      calendar.dateComponents([.year, .month, .day], from: date) == wanted
    else { return nil }
    return Timestamp(seconds: Int64(date.timeIntervalSince1970.rounded(.down)))
  }

  /// A day, or how long ago: `7d`, `24h`, `30min`.
  public static func moment(_ text: String, now: Timestamp, timeZone: TimeZone = .current) -> Timestamp? {
    if let day = start(of: text, timeZone: timeZone) { return day }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int64(digits) else { return nil }
    switch text.dropFirst(digits.count) {
    case "d": return now - .days(number)
    case "h": return now - .hours(number)
    case "min": return now - .minutes(number)
    default: return nil
    }
  }
}
