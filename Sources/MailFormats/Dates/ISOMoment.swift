public import MailModel

/// `2026-11-21T04:05:06.123456+01:00` as logs, events and files carry it (RFC 3339, whose §5.6 also allows a space for the
/// `T`; offsets without a colon as ISO 8601 has them).
public enum ISOMoment {
  /// `nil` for anything else. Beyond microseconds it is cut.
  public static func read(_ text: String) -> Timestamp? {
    let bytes = Array(text.utf8)
    guard (20...40).contains(bytes.count), bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] == 0x54 || bytes[10] == 0x20,
      bytes[13] == 0x3A, bytes[16] == 0x3A, let year = number(bytes, 0, 4), let month = number(bytes, 5, 2),
      let day = number(bytes, 8, 2), let hour = number(bytes, 11, 2), let minute = number(bytes, 14, 2),
      let second = number(bytes, 17, 2), (1...12).contains(month), day >= 1, hour < 24, minute < 60, second < 61
    else { return nil }
    let date = days(year, month, day)
    guard date < days(month == 12 ? year + 1 : year, month % 12 + 1, 1) else { return nil }
    var end = 19
    var micros: Int64 = 0
    if bytes[end] == 0x2E {
      let digits = bytes[20...].prefix { (0x30...0x39).contains($0) }
      end += 1 + digits.count
      for place in 0..<6 { micros = micros * 10 + (place < digits.count ? Int64(digits[20 + place] - 0x30) : 0) }
    }
    guard let offset = offset(bytes, end) else { return nil }
    let seconds = date * 86_400 + hour * 3_600 + minute * 60 + second - offset
    return Timestamp(microseconds: seconds * 1_000_000 + micros)
  }

  /// Seconds east of UTC, from what stands at the end.
  private static func offset(_ bytes: [UInt8], _ start: Int) -> Int64? {
    guard start < bytes.count else { return nil }
    if bytes[start] == 0x5A { return start + 1 == bytes.count ? 0 : nil }
    let minutesAt = start + 3 < bytes.count && bytes[start + 3] == 0x3A ? start + 4 : start + 3
    guard bytes[start] == 0x2B || bytes[start] == 0x2D, minutesAt + 2 == bytes.count,
      let hours = number(bytes, start + 1, 2), let minutes = number(bytes, minutesAt, 2)
    else { return nil }
    return (bytes[start] == 0x2B ? 1 : -1) * (hours * 3_600 + minutes * 60)
  }

  private static func number(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int64? {
    guard start + count <= bytes.count else { return nil }
    let digits = bytes[start..<(start + count)]
    guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
  }

  /// Days from 1970-01-01 to a date of the Gregorian calendar.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
