/// What is recorded about one of the runbook's steps in a case.
public struct CaseStep: Sendable, Equatable {
  public enum State: String, Sendable, CaseIterable, Codable { case open, ticked, skipped }

  public var caseID: Int64
  /// The step's id in `data/checklists/case.yaml`.
  public var step: String
  public var version: Int64
  public var state: State
  public var by: String?
  public var at: Timestamp?
  /// Why it was skipped.
  public var reason: String

  public init(
    caseID: Int64, step: String, version: Int64, state: State, by: String?, at: Timestamp?, reason: String
  ) {
    self.caseID = caseID
    self.step = step
    self.version = version
    self.state = state
    self.by = by
    self.at = at
    self.reason = reason
  }
}

extension CaseStep {
  /// One that nothing is recorded about yet.
  public init(untouched step: String, of id: Int64) {
    self.init(caseID: id, step: step, version: 0, state: .open, by: nil, at: nil, reason: "")
  }
}
