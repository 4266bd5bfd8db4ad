import Foundation
import MailModel

/// The local calendar day: a checklist belongs to one.
public enum Day {
  /// Midnight before `now`, local time.
  static func start(of now: Timestamp, timeZone: TimeZone = .current) -> Timestamp {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = timeZone
    let start = calendar.startOfDay(for: Date(timeIntervalSince1970: Double(now.seconds)))
    return Timestamp(seconds: Int64(start.timeIntervalSince1970))
  }
}
