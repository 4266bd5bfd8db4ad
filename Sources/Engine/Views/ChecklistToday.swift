public import MailModel
import Storage

/// A checklist as it stands today: its steps, and the run that was begun today, if any.
public struct ChecklistToday: Sendable, Equatable {
  public var definition: ChecklistDefinition
  public var run: ChecklistRun?

  /// What is recorded about a step today.
  public func state(of step: String) -> ChecklistStepState? { run?.steps.first { $0.step == step } }
}

extension OpenWorkspace {
  /// - Returns: `nil` when there is no checklist of that name.
  /// - Throws: `StoreError`; `ConfigurationError` with file and line.
  public func checklistToday(_ id: String = "morning") throws -> ChecklistToday? {
    guard let definition = try checklist(id) else { return nil }
    let day = Day.start(of: clock.now())
    return ChecklistToday(
      definition: definition, run: try store.read { try $0.checklists.current(id, dayStart: day) })
  }
}
