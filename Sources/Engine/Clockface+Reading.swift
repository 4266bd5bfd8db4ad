import MailModel

extension Clockface {
  /// Reads RFC 3339 in UTC, such as `2026-11-21T08:00:00Z` or with a fraction of a second; `nil` for anything else.
  static func moment(utc text: String) -> Timestamp? {
    let bytes = Array(text.utf8)
    guard (10...35).contains(bytes.count), bytes[4] == 0x2D, bytes[7] == 0x2D else { return nil }
    func number(_ range: Range<Int>) -> Int64? {
      guard range.upperBound <= bytes.count, bytes[range].allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      return bytes[range].reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), (1...12).contains(month),
      (1...31).contains(day)
    else { return nil }
    var seconds = days(year, month, day) * 86_400
    if bytes.count == 10 { return Timestamp(seconds: seconds) }
    guard bytes.count >= 20, bytes[10] == 0x54 || bytes[10] == 0x20, bytes[13] == 0x3A, bytes[16] == 0x3A,
      bytes.last == 0x5A || text.hasSuffix("+00:00"), let hour = number(11..<13), let minute = number(14..<16),
      let second = number(17..<19), hour < 24, minute < 60, second < 61
    else { return nil }
    seconds += hour * 3_600 + minute * 60 + second
    let fraction = bytes[19] == 0x2E ? bytes[20...].prefix { (0x30...0x39).contains($0) }.prefix(6) : []
    var micros: Int64 = 0
    for index in 0..<6 {
      micros = micros * 10 + (index < fraction.count ? Int64(fraction[fraction.startIndex + index] - 0x30) : 0)
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
