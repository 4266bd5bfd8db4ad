public import Foundation
public import MailModel

/// Moments as people read them: local time, the same form everywhere.
public enum Clockface {
  /// `2026-11-21 04:05:06`.
  public static func text(_ moment: Timestamp, timeZone: TimeZone = .current) -> String {
    let fields = civil(moment, timeZone)
    return "\(fields.year)-\(two(fields.month))-\(two(fields.day)) \(clock(fields))"
  }

  /// `2026-11-21`.
  public static func day(_ moment: Timestamp, timeZone: TimeZone = .current) -> String {
    String(text(moment, timeZone: timeZone).prefix(10))
  }

  /// `04:05:06` on the day of `now`, else with the date.
  public static func short(_ moment: Timestamp, now: Timestamp, timeZone: TimeZone = .current) -> String {
    let (then, today) = (civil(moment, timeZone), civil(now, timeZone))
    if (then.year, then.month, then.day) == (today.year, today.month, today.day) { return clock(then) }
    return "\(two(then.month))-\(two(then.day)) \(two(then.hour)):\(two(then.minute))"
  }

  /// RFC 3339 in UTC with microseconds, for files and JSON.
  public static func utc(_ moment: Timestamp) -> String {
    let fraction = ((moment.microseconds % 1_000_000) + 1_000_000) % 1_000_000
    var seconds = time_t((moment.microseconds - fraction) / 1_000_000)
    var fields = tm()
    // A calendar takes ten times as long, and the send log has three of these in every line.
    gmtime_r(&seconds, &fields)
    return String(unsafeUninitializedCapacity: 27) { text in
      var end = 0
      func add(_ value: Int, digits: Int, then separator: Unicode.Scalar) {
        var rest = value
        for place in stride(from: end + digits - 1, through: end, by: -1) {
          text[place] = UInt8(0x30 + rest % 10)
          rest /= 10
        }
        end += digits
        text[end] = UInt8(ascii: separator)
        end += 1
      }
      add(Int(fields.tm_year) + 1900, digits: 4, then: "-")
      add(Int(fields.tm_mon) + 1, digits: 2, then: "-")
      add(Int(fields.tm_mday), digits: 2, then: "T")
      add(Int(fields.tm_hour), digits: 2, then: ":")
      add(Int(fields.tm_min), digits: 2, then: ":")
      add(Int(fields.tm_sec), digits: 2, then: ".")
      add(Int(fraction), digits: 6, then: "Z")
      return end
    }
  }

  private static func clock(_ fields: CivilFields) -> String {
    "\(two(fields.hour)):\(two(fields.minute)):\(two(fields.second))"
  }

  private struct CivilFields {
    var year = 0
    var month = 0
    var day = 0
    var hour = 0
    var minute = 0
    var second = 0
  }

  private static func civil(_ moment: Timestamp, _ timeZone: TimeZone) -> CivilFields {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = timeZone
    let parts = calendar.dateComponents(
      [.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: Double(moment.seconds)))
    return CivilFields(
      year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0, hour: parts.hour ?? 0,
      minute: parts.minute ?? 0, second: parts.second ?? 0)
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
