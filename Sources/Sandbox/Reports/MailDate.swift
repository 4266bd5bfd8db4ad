internal import MailModel

/// Dates as mail and IMAP write them, always UTC.
enum MailDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]

  /// `Fri, 21 Nov 2025 03:52:10 +0000` (RFC 5322 §3.3).
  static func text(_ moment: Timestamp) -> String {
    let (date, days) = civil(moment)
    return
      "\(weekdays[((days % 7) + 7) % 7]), \(date.day) \(months[date.month - 1]) \(date.year) \(clock(moment)) +0000"
  }

  /// `21-Nov-2025 03:52:10 +0000`, the day padded with a space (RFC 3501, `date-time`).
  static func internalDate(_ moment: Timestamp) -> String {
    let (date, _) = civil(moment)
    return "\(date.day < 10 ? " " : "")\(date.day)-\(months[date.month - 1])-\(date.year) \(clock(moment)) +0000"
  }

  private static func clock(_ moment: Timestamp) -> String {
    let second = Int(((moment.seconds % 86_400) + 86_400) % 86_400)
    return [second / 3600, second / 60 % 60, second % 60].map { ($0 < 10 ? "0" : "") + String($0) }
      .joined(separator: ":")
  }

  /// Days since 1970 to year, month and day, by Howard Hinnant's `civil_from_days`.
  private static func civil(_ moment: Timestamp) -> (date: (year: Int, month: Int, day: Int), days: Int) {
    let days = Int((moment.seconds - (((moment.seconds % 86_400) + 86_400) % 86_400)) / 86_400)
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    return ((yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day), days)
  }
}
