import ArgumentParser
import Engine
import Foundation
import MailModel
import Storage

struct CaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "case",
    abstract: "Cases of accounts: list them and what is due, show one, and audit all restrictions.",
    discussion: "Decisions are operations: postroom do account.restrict ADDRESS --reason '…'",
    subcommands: [List.self, Show.self, FollowUpList.self, Audit.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List cases, newest first.")

    @OptionGroup var global: GlobalOptions
    @Flag(help: "Closed ones too.") var all = false
    @OptionGroup var table: TableOptions

    struct Record: Encodable {
      var id: Int64
      var account: String
      var state: String
      var opening: String
      /// `automatically` or `by hand`; absent as long as it was never restricted.
      var restrictedBy: String?
      var level: Int
      var openedAt: String
      var nextReview: String?
    }

    func run() throws {
      let states: Set<CaseState> = all ? [] : [.open, .watching, .restricted]
      try global.with { open in
        try table.list(
          open, ["id", "account", "state", "opened", "how", "level", "next review"],
          columns: { row in
            [
              "\(row.abuseCase.id)", row.address, row.abuseCase.stateWords,
              Clockface.text(row.abuseCase.openedAt), row.abuseCase.opening.rawValue, "\(row.abuseCase.level)",
              row.abuseCase.nextReview.map { Clockface.text($0) } ?? "",
            ]
          },
          record: { row in
            Record(
              id: row.abuseCase.id, account: row.address, state: row.abuseCase.state.rawValue,
              opening: row.abuseCase.opening.rawValue, restrictedBy: row.abuseCase.restrictedBy?.rawValue,
              level: row.abuseCase.level,
              openedAt: Clockface.utc(row.abuseCase.openedAt), nextReview: row.abuseCase.nextReview.map(Clockface.utc))
          },
          page: { try $0.cases.page(CaseQuery(states: states, text: try table.words().text, position: $1, limit: $2)) })
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show the case of one account.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The account's address or number.") var account: String
    @Option(help: "Only what the policy would have decided at the end of that day, such as 2026-11-21.") var at: String?
    @Flag(help: "One JSON object.") var json = false

    struct VerdictRecord: Encodable {
      var at: String
      var complaints: Int
      /// good, flagged or restricted.
      var calledFor: String
    }

    func run() throws {
      try global.with { open in
        guard let id = try open.accountNumber(account), let file = try open.caseFile(of: id) else {
          throw OperationRefusal.badTarget(account, expected: "an account of this workspace")
        }
        if let at {
          guard let day = DayText.start(of: at) else {
            throw ValidationError("--at: '\(at)' is no day such as 2026-11-21")
          }
          let verdict = try open.verdict(of: id, at: Day.start(after: 1, from: day))
          if json {
            return try Output.json(
              VerdictRecord(
                at: Clockface.utc(verdict.at), complaints: verdict.complaints, calledFor: verdict.calledFor.rawValue))
          }
          return Output.line(
            "\(Clockface.text(verdict.at))  \(Amount.words(verdict.complaints, "complaint")) in \(file.thresholds.words): "
              + "calls for \(verdict.calledFor == .good ? "nothing" : verdict.calledFor.rawValue)")
        }
        if json { return try Output.json(CaseRecord(file)) }
        for line in CaseLines(file).lines { Output.line(line) }
      }
    }
  }

  struct Audit: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "audit", abstract: "Go through all restrictions: keep, extend or lift, one after another.",
      discussion: "Asks on the terminal. Leaving is safe: the pass goes on where it was left, here or in the console.")

    @OptionGroup var global: GlobalOptions

    func run() throws {
      try global.with { open in
        if try open.nextInAudit() == nil {
          Output.line(try open.operations.perform("restriction-audit.start", OperationRequest()).summary)
        }
        var last: Account.ID = 0
        // Once through: whatever is skipped waits for the next time.
        while let id = try open.nextInAudit(after: last, wraps: false), let file = try open.caseFile(of: id) {
          last = id
          let place = file.audit.map { "\($0.decided + 1) of \($0.total)" } ?? ""
          Output.line("\n\(place)  " + CaseLines(file).head.joined(separator: "\n  "))
          switch Output.ask("keep, extend, lift, skip or quit?") {
          case "keep", "k": try decide("account.keep", file, open)
          case "extend", "e": try decide("account.extend", file, open)
          case "lift", "l": try decide("account.lift", file, open)
          case "skip", "s": continue
          default: return Output.line("left for later; 'postroom case audit' goes on")
          }
        }
        let rest = try open.store.read { try $0.restrictionAudits.current() }.map { $0.total - $0.decided } ?? 0
        Output.line(
          rest == 0 ? "every restriction is decided about" : "\(rest) left for later; 'postroom case audit' goes on")
      }
    }

    private func decide(_ operation: String, _ file: CaseFile, _ open: OpenWorkspace) throws {
      let reason = Output.ask("why?") ?? ""
      let target = OperationRequest.Target(id: "\(file.account.id)", version: file.account.version)
      let request = OperationRequest(targets: [target], arguments: ["reason": reason])
      // What is refused, left undone or waits for a second person does not end the pass.
      do { try Performing(open, yes: false, json: false).run(operation, request) } catch let refusal as OperationRefusal
      {
        Output.error("\(refusal)")
      } catch is ExitCode {}
    }
  }
}

/// A case as lines of text.
struct CaseLines {
  let file: CaseFile

  init(_ file: CaseFile) { self.file = file }

  var head: [String] {
    let state = file.current.map { "case \($0.id) \($0.stateWords)" } ?? "no case is open"
    return [
      "\(file.account.address): \(file.account.standing.rawValue) since \(Clockface.text(file.account.standingChangedAt)); \(state)",
      "\(Amount.words(file.verdict.complaints, "complaint")) in the window (\(file.thresholds.flag) flag, \(file.thresholds.restrict) restrict); "
        + "\(Amount.atMost(file.waiting)) waiting, \(Amount.atMost(file.held)) held",
    ] + escalation + file.criteria.map(\.words)
  }

  var lines: [String] {
    head + section("follow-ups", file.followUps.map(followUp))
      + section("steps", file.stepsProblem.isEmpty ? file.steps.map(step) : [file.stepsProblem])
      + section("complaints", file.complaints.map(complaint))
      + section("timeline", file.events.map(event))
      + section("told", file.notices.map(notice))
      + section(
        "sending (UTC days)",
        file.days.map {
          "\(Clockface.utc($0.day).prefix(10))  \($0.sent) sent, \($0.bounced) bounced, \(Amount.words($0.complained, "complaint"))"
        })
      + section("earlier cases", file.earlier.flatMap(earlier))
  }

  private func earlier(_ row: AbuseCase) -> [String] {
    ["case \(row.id): \(row.opening.rawValue), \(Clockface.text(row.openedAt))"]
      + (file.earlierEvents[row.id] ?? []).reversed().map { "  " + event($0) }
  }

  /// Further lines of a note are set in, so that none can pass for an entry of its own.
  private func event(_ event: CaseEvent) -> String {
    let text = event.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    return "\(Clockface.text(event.at))  \(event.actor)  " + text.joined(separator: "\n      | ")
  }

  private func section(_ title: String, _ lines: [String]) -> [String] {
    lines.isEmpty ? [] : ["", title] + lines.map { "  \($0)" }
  }

  private var escalation: [String] {
    let problem = file.contactsProblem.isEmpty ? [] : [file.contactsProblem]
    return problem + (file.escalation.map { ["with \($0.words), since \(Clockface.text($0.since))"] } ?? [])
  }

  private func notice(_ row: Notice) -> String {
    let error = row.lastError.isEmpty ? "" : ": \(row.lastError)"
    return
      "\(row.id)  \(Clockface.text(row.createdAt))  \(row.kind) by \(row.channel.rawValue) to \(row.target), \(row.state.rawValue)\(error)"
  }

  private func followUp(_ row: FollowUp) -> String {
    "\(row.doneAt == nil ? "[ ]" : "[x]") \(row.id)  \(Clockface.day(row.dueAt))  \(row.text)"
  }

  private func step(_ step: CaseFile.Step) -> String {
    let state = step.state?.state ?? .open
    let mark = state == .ticked ? "[x]" : state == .skipped ? "[-]" : "[ ]"
    let reason = step.state.map { $0.reason.isEmpty ? "" : " (\($0.reason))" } ?? ""
    return "\(mark) \(step.definition.id)  \(step.definition.title)\(reason)"
  }

  private func complaint(_ row: CaseFile.ComplainedMail) -> String {
    let complaint = row.complaint
    let subject = row.message.map { "  \($0.subject)" } ?? ""
    let counts = complaint.isDismissed ? " (dismissed)" : complaint.correlation.isProof ? "" : " (no proof)"
    return
      "\(complaint.id)  \(Clockface.text(complaint.occurredAt))  \(complaint.feedbackType)\(counts)  "
      + "\(complaint.recipient ?? "not given")\(subject)"
  }
}
