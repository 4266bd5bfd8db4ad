public import MailModel
import Storage

/// A checklist as it stands today: its steps, and the run that was begun today, if any.
public struct ChecklistToday: Sendable, Equatable {
  public var definition: ChecklistDefinition
  public var run: ChecklistRun?
  /// The run before today's: what was left undone and written down then is handed on.
  public var previous: ChecklistRun?

  /// What is worked today. A run is of the steps that it began with, in its order: one that went out of the file since
  /// stays and can be ticked, one that came into it stands last and counts from the next run.
  public var steps: [ChecklistDefinition.Step] {
    guard let run else { return definition.steps }
    let own = run.steps.map { state in
      definition.steps.first { $0.id == state.step } ?? .gone(state.step)
    }
    return own + definition.steps.filter { state(of: $0.id) == nil }
  }

  /// Steps of the run, or of the one that would begin now.
  public var count: Int { run?.steps.count ?? definition.steps.count }

  /// What is recorded about a step today.
  public func state(of step: String) -> ChecklistStepState? { run?.steps.first { $0.step == step } }

  /// What was recorded about it the time before.
  public func earlier(_ step: String) -> ChecklistStepState? { previous?.steps.first { $0.step == step } }
}

extension ChecklistDefinition.Step {
  /// A step of a run that the file no longer has.
  static func gone(_ id: String) -> Self {
    Self(id: id, title: id, instruction: "The checklist's file no longer has this step.", probe: .none)
  }
}

extension OpenWorkspace {
  /// - Returns: `nil` when there is no checklist of that name.
  /// - Throws: `StoreError`; `ConfigurationError` with file and line.
  public func checklistToday(_ id: String = "morning") throws -> ChecklistToday? {
    guard let definition = try checklist(id) else { return nil }
    let day = Day.start(of: clock.now())
    return try store.read { transaction in
      let run = try transaction.checklists.current(id, dayStart: day)
      return ChecklistToday(
        definition: definition, run: run,
        previous: try transaction.checklists.latest(id, before: run?.startedAt ?? day))
    }
  }
}
