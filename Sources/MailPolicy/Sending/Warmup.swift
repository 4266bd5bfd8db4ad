/// How many messages a day a new inbox may send, by week since it started (runbook "New Inbox Setup": 5, 10, 15, 20,
/// then 25–40).
public struct WarmupSchedule: Sendable, Equatable {
  /// Messages a day in week 1, 2, …; the last one stays.
  public var weeks: [Int]

  public init(weeks: [Int] = [5, 10, 15, 20, 25, 30, 35, 40]) { self.weeks = weeks }

  /// The week that `today` lies in, from 1. Days are numbers of local calendar days, so a week is seven midnights,
  /// whatever the clock does meanwhile. An inbox that starts later is in its first week.
  public static func week(started: Int, today: Int) -> Int {
    let (days, overflow) = today.subtractingReportingOverflow(started)
    return overflow || days < 0 ? 1 : days / 7 + 1
  }

  /// Messages a day in a week, from 1; none without a schedule.
  public func limit(week: Int) -> Int {
    guard !weeks.isEmpty else { return 0 }
    return max(0, weeks[max(1, min(week, weeks.count)) - 1])
  }

  /// The schedule that `5,10,15` means; `nil` when it is none: whole numbers from 0 to 1,000,000, at most 104 weeks.
  public init?(_ text: String) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part -> Int? in
      let digits = part.drop { $0 == " " }
      return digits.isEmpty || !digits.utf8.allSatisfy { (48...57).contains($0) } ? nil : Int(digits)
    }
    guard numbers.count == parts.count, (1...104).contains(numbers.count),
      numbers.allSatisfy({ (0...1_000_000).contains($0) })
    else { return nil }
    weeks = numbers
  }

  public var description: String { weeks.map(String.init).joined(separator: ",") }
}
