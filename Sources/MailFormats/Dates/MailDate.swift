public import MailModel

/// Dates as headers carry them (RFC 5322 §3.3), always in UTC.
public enum MailDate {
  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  /// As headers and IMAP have them, January first.
  public static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Such as `Fri, 21 Nov 1997 09:55:06 +0000`. Years are held within 0–9999.
  public static func format(_ moment: Timestamp) -> String {
    let seconds = min(max(moment.seconds, -62_135_596_800), 253_402_300_799)
    let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let rest = seconds - day * 86_400
    let (year, month, dayOfMonth) = civil(day)
    let weekday = days[Int(((day % 7) + 7) % 7)]
    let clock = "\(padded(rest / 3_600)):\(padded(rest / 60 % 60)):\(padded(rest % 60))"
    let paddedYear = String(repeating: "0", count: max(0, 4 - String(year).utf8.count)) + String(year)
    return "\(weekday), \(padded(dayOfMonth)) \(months[Int(month) - 1]) \(paddedYear) \(clock) +0000"
  }

  /// The day alone, as IMAP has it (RFC 3501 §9, `date`): `21-Nov-1997`.
  public static func day(_ moment: Timestamp) -> String {
    format(moment).split(separator: " ")[1...3].joined(separator: "-")
  }

  private static func padded(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }

  /// Days since 1970 → year, month, day of the Gregorian calendar.
  private static func civil(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}
