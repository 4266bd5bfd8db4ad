public import MailModel

extension RestrictionPolicy {
  /// The policy as it would have decided on any date.
  ///
  /// - Parameter complaints: when the complaints that count came, in any order. A complaint counts from its own moment
  ///   until `window` later, both included.
  public func verdict(_ complaints: [Timestamp], at moment: Timestamp) -> PolicyVerdict {
    let start = windowStart(now: moment)
    let count = complaints.count { $0 >= start && $0 <= moment }
    return PolicyVerdict(
      at: moment, complaints: count, calledFor: standing(current: .good, complaints: count) ?? .good)
  }

  /// The moments at which what the policy calls for changed, oldest first, up to `now`.
  public func history(_ complaints: [Timestamp], until now: Timestamp) -> [PolicyVerdict] {
    let past = Span(microseconds: window.microseconds.addingReportingOverflow(1).partialValue)
    let moments = Set(complaints + complaints.map { $0 + past }).filter { $0 <= now }.sorted()
    var changes: [PolicyVerdict] = []
    for moment in moments {
      let verdict = verdict(complaints, at: moment)
      if verdict.calledFor != (changes.last?.calledFor ?? .good) { changes.append(verdict) }
    }
    return changes
  }
}
