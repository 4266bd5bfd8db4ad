import MailModel

/// What an import of provider events came to.
public struct EventSummary: Sendable, Equatable {
  /// Events taken, by kind.
  public var taken: [String: Int] = [:]
  /// Taken before: nothing is counted twice.
  public var known = 0
  /// Events about no message of ours.
  public var unmatched = 0
  /// Lines that are no event, with their number and why; at most a thousand are told.
  public var problems: [String] = []
  /// How many lines were no event.
  public var problemCount = 0
  public var intake = IntakeSummary()

  mutating func note(_ problem: String, line: Int) {
    problemCount += 1
    if problems.count < 1_000 { problems.append("line \(line): \(problem)") }
  }

  /// All of it in one line, for people.
  public var words: String {
    "taken: \(Amount.kinds(taken)); \(known) known already, \(unmatched) about no message of ours, \(noEvents); "
      + "\(intake.suppressed) suppressed, \(Amount.words(intake.flagged, "account")) flagged, "
      + "\(intake.restricted) restricted"
  }

  var noEvents: String { Amount.words(problemCount, "line that is no event", many: "lines that are no event") }

  mutating func add(_ part: EventSummary) {
    taken.merge(part.taken, uniquingKeysWith: +)
    known += part.known
    unmatched += part.unmatched
    intake.add(part.intake)
  }
}
