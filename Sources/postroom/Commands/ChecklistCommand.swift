import ArgumentParser
import Engine
import MailModel

struct ChecklistCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checklist", abstract: "Today's run of a checklist: steps, values, ticks, notes.",
    discussion: """
      Begin it:   postroom do checklist.start
      Work it:    postroom do checklist.tick STEP, checklist.note STEP --set text=…, checklist.probe STEP
      STEP is what stands in the first column.
      """)

  @OptionGroup var global: GlobalOptions
  @Option(help: "Which one: the id of a file of data/checklists.") var id = "morning"
  @Flag(help: "The run before today's instead: what was handed on.") var before = false
  @Flag(help: "One JSON object a step.") var json = false

  struct Record: Encodable {
    var step: String
    var title: String
    var tickedBy: String?
    var tickedAt: String?
    var verdict: String?
    var value: String?
    var measuredAt: String?
    var note: String
  }

  func run() throws {
    try global.with { open in
      guard let today = try open.checklistToday(id) else {
        throw ValidationError("--id: '\(id)' is not a checklist of data/checklists")
      }
      let run = before ? today.previous : today.run
      guard let run else {
        if !json {
          Output.line(before ? "no run before today's" : "not begun today; begin it with: postroom do checklist.start")
        }
        return
      }
      if json { return try Output.json(each: run.steps.map { Record($0, of: run, today) }) }
      let end = run.completedAt.map { ", complete since \(Clockface.text($0))" } ?? ""
      Output.line("\(today.definition.title): begun \(Clockface.text(run.startedAt)) by \(run.startedBy)\(end)")
      Output.table(
        ["step", "ticked", "probe", "taken", "value", "note"],
        run.steps.map { step in
          [
            "\(run.id)/\(step.step)", step.tickedBy ?? "", step.probe?.verdict.rawValue ?? "",
            step.probe.map { Clockface.text($0.measuredAt) } ?? "", step.probe?.value ?? "", step.note,
          ]
        })
    }
  }
}

extension ChecklistCommand.Record {
  init(_ step: ChecklistStepState, of run: ChecklistRun, _ today: ChecklistToday) {
    self.init(
      step: "\(run.id)/\(step.step)", title: today.definition.steps.first { $0.id == step.step }?.title ?? step.step,
      tickedBy: step.tickedBy, tickedAt: step.tickedAt.map(Clockface.utc), verdict: step.probe?.verdict.rawValue,
      value: step.probe?.value, measuredAt: step.probe.map { Clockface.utc($0.measuredAt) }, note: step.note)
  }
}
