public import MailModel

/// Ages as qshape(1) shows them: columns that double from five minutes on.
public enum AgeColumns {
  /// Upper bounds in minutes; one more column takes what is older.
  public static let minutes: [Int64] = [5, 10, 20, 40, 80, 160, 320, 640, 1280]

  /// `5`, `10` … `1280`, `1280+`.
  public static let titles = minutes.map(String.init) + ["1280+"]

  /// The column of an age.
  public static func index(of age: Span) -> Int {
    minutes.firstIndex { age < .minutes($0) } ?? minutes.count
  }

  /// Counts by column.
  ///
  /// - Parameters:
  ///   - cohorts: when each cohort began, and its messages.
  ///   - width: a cohort's; every message counts as old as the youngest of its cohort may be.
  public static func counts(_ cohorts: some Sequence<(start: Timestamp, count: Int)>, width: Span, now: Timestamp)
    -> [Int]
  {
    var counts = Array(repeating: 0, count: titles.count)
    for cohort in cohorts { counts[index(of: now - (cohort.start + width))] += cohort.count }
    return counts
  }
}
