/// One run of a checklist on one day, worked step by step.
public struct ChecklistRun: Sendable, Equatable, Identifiable {
  public var id: Int64
  /// The checklist's id in `data/checklists/`, such as `morning`.
  public var checklist: String
  public var startedAt: Timestamp
  public var startedBy: String
  public var completedAt: Timestamp?
  public var steps: [ChecklistStepState]

  public init(
    id: Int64, checklist: String, startedAt: Timestamp, startedBy: String, completedAt: Timestamp?,
    steps: [ChecklistStepState]
  ) {
    self.id = id
    self.checklist = checklist
    self.startedAt = startedAt
    self.startedBy = startedBy
    self.completedAt = completedAt
    self.steps = steps
  }
}

/// What is recorded about one step of a run.
public struct ChecklistStepState: Sendable, Equatable {
  /// The step's id in the checklist's definition.
  public var step: String
  public var version: Int64
  public var isTicked: Bool
  public var tickedBy: String?
  public var tickedAt: Timestamp?
  public var note: String
  /// The automated probe's last result.
  public var probe: ProbeReading?

  public init(
    step: String, version: Int64, isTicked: Bool, tickedBy: String?, tickedAt: Timestamp?, note: String,
    probe: ProbeReading?
  ) {
    self.step = step
    self.version = version
    self.isTicked = isTicked
    self.tickedBy = tickedBy
    self.tickedAt = tickedAt
    self.note = note
    self.probe = probe
  }
}

/// A value that the program measured itself, with its time: evidence on a checklist.
public struct ProbeReading: Sendable, Equatable {
  public enum Verdict: String, Sendable, CaseIterable, Codable { case ok, warning, critical, unknown }

  public var verdict: Verdict
  /// In words with numbers: `bounce rate 1.2 % (3 of 250 in 24 h), limit 5 %`.
  public var value: String
  public var measuredAt: Timestamp

  public init(verdict: Verdict, value: String, measuredAt: Timestamp) {
    self.verdict = verdict
    self.value = value
    self.measuredAt = measuredAt
  }
}
