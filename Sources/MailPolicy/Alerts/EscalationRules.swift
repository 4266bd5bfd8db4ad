public import MailModel

/// How far up something goes by itself when nobody reacts (runbook "Alert Response Times", "Escalation Path"). Pure.
public enum EscalationRules {
  /// The highest level reached by time alone; the one above it, a provider's support, is called by a person.
  public static let highest = 3

  /// Level 1 while the response time runs, one more for each response time that passed without a reaction.
  ///
  /// - Parameters:
  ///   - since: when it began.
  ///   - respondWithin: the response time; nothing or less never escalates.
  public static func level(since: Timestamp, respondWithin: Span, now: Timestamp) -> Int {
    guard respondWithin.microseconds > 0, now > since else { return 1 }
    let passed = (now - since).microseconds / respondWithin.microseconds
    return 1 + Int(min(passed, Int64(highest - 1)))
  }
}
