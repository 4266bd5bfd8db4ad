import MailModel

/// `2026-11-21T04:05:06.123456+01:00` as logs carry it (RFC 3339).
enum ISOMoment {
  /// `nil` for anything else.
  static func read(_ text: String) -> Timestamp? {
    let bytes = Array(text.utf8)
    func number(_ start: Int, _ count: Int) -> Int64? {
      guard start + count <= bytes.count else { return nil }
      let digits = bytes[start..<(start + count)]
      guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }
    guard (20...40).contains(bytes.count), bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] == 0x54, bytes[13] == 0x3A,
      bytes[16] == 0x3A, let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
      let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2),
      (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61
    else { return nil }
    var seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second
    var end = 19
    var micros: Int64 = 0
    if bytes[end] == 0x2E {
      let digits = bytes[(end + 1)...].prefix { (0x30...0x39).contains($0) }
      end += 1 + digits.count
      for place in 0..<6 { micros = micros * 10 + (place < digits.count ? Int64(digits[20 + place] - 0x30) : 0) }
    }
    guard end < bytes.count else { return nil }
    if bytes[end] != 0x5A {
      let minutesAt = end + 3 < bytes.count && bytes[end + 3] == 0x3A ? end + 4 : end + 3
      guard bytes[end] == 0x2B || bytes[end] == 0x2D, let hours = number(end + 1, 2), let minutes = number(minutesAt, 2)
      else { return nil }
      seconds += (bytes[end] == 0x2B ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }
    return Timestamp(microseconds: seconds * 1_000_000 + micros)
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
