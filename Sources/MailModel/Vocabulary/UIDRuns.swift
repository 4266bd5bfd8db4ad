/// UIDs as mailbox servers and the store take them: many at a time.
public enum UIDRuns {
  /// Runs without a gap, ascending; a UID that comes twice counts once.
  public static func of(_ uids: [UInt32]) -> [ClosedRange<UInt32>] {
    var runs: [ClosedRange<UInt32>] = []
    for uid in uids.sorted() {
      if let last = runs.last, uid - last.upperBound <= 1 {
        runs[runs.count - 1] = last.lowerBound...uid
      } else {
        runs.append(uid...uid)
      }
    }
    return runs
  }
}
