/// Keeps a storm of reports, or a loop, from restricting everybody (fault 30).
public enum RestrictionCap {
  /// What policy may do to an account that calls for a standing.
  public enum Verdict: Sendable, Equatable {
    case apply
    /// Not restricted by policy now: flagged, alerted, and left to a person.
    case withhold
  }

  /// - Parameters:
  ///   - restrictedInHour: accounts that policy has restricted within the last hour.
  ///   - limit: the most it may.
  public static func verdict(restrictedInHour: Int, limit: Int) -> Verdict {
    restrictedInHour < limit ? .apply : .withhold
  }
}
