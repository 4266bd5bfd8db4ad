import MailModel
import Storage

extension Operation {
  static let checklistOperations: [Operation] = [startRun, tick, note, probe]

  private static let startRun = Operation(
    id: "checklist.start", title: "Start the checklist",
    help: "Begins today's run of the morning checklist and takes every probe once.", target: .none, arguments: [],
    role: .operator, confirmation: .none,
    disabledReason: { if case .checklist(isUnderWay: true) = $0 { runIsUnderWay } else { nil } },
    preview: { _, _, _ in Preview(summary: "begins a new run of the checklist") },
    effect: { transaction, context, request in
      let definition = try context.definition(request.arguments["checklist"] ?? "morning")
      if let run = try transaction.checklists.current(definition.id, dayStart: Day.start(of: context.now)),
        run.completedAt == nil
      {
        throw OperationRefusal.notNow(runIsUnderWay)
      }
      let run = try transaction.checklists.start(
        definition.id, steps: definition.steps.map(\.id), actor: context.actor, now: context.now)
      for step in definition.steps {
        try transaction.checklists.setProbe(run.id, step: step.id, try Probe.read(step.probe, transaction, context))
      }
      return Effect("checklist started", subject: "checklist:\(run.id)", details: ["checklist": definition.id])
    },
    unasked: [Argument("checklist", "The id of another checklist.", isRequired: false)])

  private static let runIsUnderWay = "today's run is under way; finish it first"

  private static let tick = Operation(
    id: "checklist.tick", title: "Tick", help: "Marks a step as done, or takes the tick back.", target: .checklistStep,
    arguments: [], role: .operator, confirmation: .none, disabledReason: stepIsMissing,
    preview: { _, _, request in Preview(summary: "ticks \(Amount.words(request.targets.count, "step"))") },
    effect: { transaction, context, request in
      try changeSteps(request, transaction, verb: { $0.isTicked ? "taken back" : "ticked" }, context) { run, step in
        try transaction.checklists.tick(
          run.id, step: step.step, version: step.version, ticked: !step.isTicked, by: context.actor.name,
          now: context.now)
      }
    })

  private static let note = Operation(
    id: "checklist.note", title: "Note", help: "Writes down what was seen or done at a step.", target: .checklistStep,
    arguments: [Argument("text", "The note.", isRequired: false)], role: .operator, confirmation: .none,
    disabledReason: stepIsMissing,
    preview: { _, _, _ in Preview(summary: "writes the note") },
    effect: { transaction, context, request in
      try changeSteps(request, transaction, verb: { _ in "noted" }, context) { run, step in
        try transaction.checklists.note(
          run.id, step: step.step, version: step.version, text: request.arguments["text"] ?? "")
      }
    })

  private static let probe = Operation(
    id: "checklist.probe", title: "Probe again", help: "Takes the step's value anew, with its time.",
    target: .checklistStep, arguments: [], role: .operator, confirmation: .none, disabledReason: stepIsMissing,
    preview: { _, _, _ in Preview(summary: "takes the value anew") },
    effect: { transaction, context, request in
      try changeSteps(request, transaction, verb: { _ in "probed" }, context) { run, step in
        guard let defined = try context.definition(run.checklist).steps.first(where: { $0.id == step.step }) else {
          throw OperationRefusal.notNow(
            "the checklist's file no longer has the step '\(step.step)'; tick it when it is done")
        }
        try transaction.checklists.setProbe(
          run.id, step: step.step, try Probe.read(defined.probe, transaction, context))
        return true
      }
    })

  private static let stepIsMissing: @Sendable (TargetState) -> String? = { state in
    switch state {
    case .checklistStep: nil
    case .checklist(isUnderWay: true): "it came after this run began, and counts from the next one"
    default: "start the checklist first"
    }
  }

  /// Targets are `run/step`; steps change only on today's run.
  private static func changeSteps(
    _ request: OperationRequest, _ transaction: Transaction, verb: (ChecklistStepState) -> String,
    _ context: OperationContext, change: (ChecklistRun, ChecklistStepState) throws -> Bool
  ) throws -> Effect {
    var words: [String] = []
    var (before, after): ([String], [String]) = ([], [])
    for target in request.targets {
      let parts = target.id.split(separator: "/", maxSplits: 1).map(String.init)
      guard parts.count == 2, let id = Int64(parts[0]), let run = try transaction.checklists.get(id),
        try transaction.checklists.current(run.checklist, dayStart: Day.start(of: context.now))?.id == id,
        let step = run.steps.first(where: { $0.step == parts[1] })
      else {
        throw OperationRefusal.badTarget(
          target.id, expected: "a step of today's run, as RUN/STEP; 'postroom checklist' lists them")
      }
      if let version = target.version, version != step.version {
        throw OperationRefusal.changed(
          "\(context.title(ofStep: step.step, in: run.checklist)) changed since it was drawn; look again")
      }
      guard try change(run, step) else {
        throw OperationRefusal.changed(
          "\(context.title(ofStep: step.step, in: run.checklist)) changed meanwhile; look again")
      }
      words.append("\(context.title(ofStep: step.step, in: run.checklist)) \(verb(step))")
      before.append(step.words)
      after.append(try transaction.checklists.get(id)?.steps.first { $0.step == step.step }?.words ?? "")
      try completeIfDone(run.id, transaction, context)
    }
    return Effect(
      words.joined(separator: ", "), subject: request.subject("checklist"),
      details: ["before": before.joined(separator: "; "), "after": after.joined(separator: "; ")],
      changed: request.targets.count)
  }

  private static func completeIfDone(
    _ id: Int64, _ transaction: Transaction, _ context: OperationContext
  ) throws {
    guard let run = try transaction.checklists.get(id), run.completedAt == nil, run.steps.allSatisfy(\.isTicked) else {
      return
    }
    try transaction.checklists.complete(id, now: context.now)
  }
}

extension ChecklistStepState {
  /// For the audit row.
  fileprivate var words: String {
    (isTicked ? "ticked by \(tickedBy ?? "unknown")" : "open")
      + (probe.map { ", \($0.verdict.rawValue): \($0.value)" } ?? "")
      + (note.isEmpty ? "" : ", note: \(note)")
  }
}

extension OperationContext {
  func definition(_ id: String) throws -> ChecklistDefinition {
    guard let definition = try checklist(id) else {
      throw OperationRefusal.badTarget(id, expected: "a checklist of data/checklists")
    }
    return definition
  }

  /// The step as people know it, `'Messages in doubt'`; by its id where the file no longer has it.
  func title(ofStep id: String, in checklist: String) -> String {
    let defined = (try? self.checklist(checklist))?.steps.first { $0.id == id }
    return "'\(defined?.title ?? id)'"
  }
}
