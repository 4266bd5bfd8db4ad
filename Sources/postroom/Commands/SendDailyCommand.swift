import ArgumentParser
import Engine
import Foundation
import MailFormats
import MailModel
import Storage

struct SendDailyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "send-daily", abstract: "Roster × template: render the day's messages, and send them when told so.",
    discussion:
      "Writes .eml files into outbox/ to look at, which is also the default; --live queues them, after asking.")

  @OptionGroup var global: GlobalOptions
  @Option(help: "Roster CSV (default: PARTICIPANTS_CSV_PATH).") var roster: String?
  @Option(help: "Template (default: TEMPLATE_PATH).") var template: String?
  @Flag(help: "Only write files (the default).") var dryRun = false
  @Flag(help: "Queue the messages for real.") var live = false
  @Flag(help: "Do not ask.") var yes = false
  @Flag(help: "One JSON object.") var json = false

  struct Record: Encodable {
    var rendered: Int
    var skipped: [String]
    var queued: Int
    var folder: String?
    /// What the template names and the roster does not have.
    var empty: [String]
  }

  func run() throws {
    if live, dryRun { throw ValidationError("--live and --dry-run exclude each other") }
    try global.with { open in
      let configuration = open.workspace.configuration
      let rosterPath = roster ?? open.workspace.resolve(configuration.rosterPath).path
      let templatePath = template ?? templatePath(configuration.templatePath, open)
      let daily = try DailySend(templatePath: templatePath, fromAddress: configuration.fromAddress, clock: open.clock)
      let plan = try daily.plan(try Roster(path: rosterPath), store: open.store)
      if !json {
        for skipped in plan.skipped { Output.line("skipped \(skipped)") }
        for name in plan.empty {
          Output.error("the roster has no column '\(name)': {{\(name)}} of the template stays empty")
        }
      }
      guard live else {
        let folder = try daily.writeFiles(plan.drafts, to: open.workspace.outbox)
        try show(
          Record(rendered: plan.drafts.count, skipped: plan.skipped, queued: 0, folder: folder.path, empty: plan.empty))
        if plan.refused > 0 { throw ExitStatus.dataRefused.code }
        return
      }
      try confirm(plan)
      try show(
        Record(
          rendered: plan.drafts.count, skipped: plan.skipped, queued: try queue(plan, daily, open), folder: nil,
          empty: plan.empty))
      if plan.refused > 0 { throw ExitStatus.dataRefused.code }
    }
  }

  /// The workspace's template; where none is named and none is there, the one shipped. A roster is never taken from anywhere but the workspace.
  private func templatePath(_ configured: String, _ open: OpenWorkspace) -> String {
    let own = open.workspace.resolve(configured).path
    let shipped = "data/templates/daily.eml.mustache"
    if configured != shipped || FileManager.default.fileExists(atPath: own) { return own }
    return Resources.file(shipped)?.path ?? own
  }

  private func confirm(_ plan: DailySend.Plan) throws {
    guard !yes else { return }
    let question =
      "Send \(Amount.words(plan.drafts.count, "message")) for real (\(plan.skipped.count) skipped)? Type yes:"
    let answer = Output.ask(question)
    if answer == "yes" { return }
    Output.error(
      answer == nil
        ? "nothing was queued; --live needs 'yes' typed on a terminal, or --yes"
        : "nothing was queued: that was not 'yes'")
    throw ExitStatus.tryAgain.code
  }

  private func queue(_ plan: DailySend.Plan, _ daily: DailySend, _ open: OpenWorkspace) throws -> Int {
    let submitter = try open.submitter()
    var queued = 0
    for start in stride(from: 0, to: plan.drafts.count, by: 200) {
      let batch = plan.drafts[start..<min(start + 200, plan.drafts.count)]
      let submissions = try batch.flatMap { try submitter.prepare(daily.request($0)) }
      for acknowledgement in try submitter.store(submissions) {
        if case .inserted = acknowledgement.insertion { queued += 1 }
      }
    }
    return queued
  }

  private func show(_ record: Record) throws {
    if json { return try Output.json(record) }
    if let folder = record.folder {
      Output.line(
        "\(Amount.words(record.rendered, "message")) written to \(folder), \(record.skipped.count) skipped; nothing was sent (--live sends)"
      )
    } else {
      Output.line("\(record.queued) of \(record.rendered) queued, \(record.skipped.count) skipped")
    }
  }
}
