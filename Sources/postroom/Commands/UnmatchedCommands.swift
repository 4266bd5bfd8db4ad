import ArgumentParser
import Engine
import Foundation
import MailModel
import Storage

struct UnmatchedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unmatched", abstract: "Reports that could not be tied to a message of ours.",
    discussion: """
      What to do with one: postroom do unmatched.match 12 --set message=34
                           postroom do unmatched.dismiss 12
                           postroom do unmatched.make-rule 12 --set verdict=dismiss
      """, subcommands: [List.self, Show.self, Rules.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List them, newest first.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var table: TableOptions
    @Flag(help: "Those that people dealt with instead; 'postroom do report.reprocess' brings one back.")
    var handled = false

    func run() throws {
      try global.with { open in
        try table.list(
          open, ["id", "kind", "names", "from", "subject", "since"],
          columns: {
            ["\($0.id)", $0.kind.rawValue, $0.recipient, $0.from, $0.subject, Clockface.text($0.receivedAt)]
          },
          record: ReportsCommand.Record.init,
          page: {
            try $0.reports.page(
              onlyUnmatched: !handled, onlyHandled: handled, text: try table.words().text, position: $1, limit: $2)
          })
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "One report with the messages it may be about, and why each.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The report's number.") var report: Int64
    @Flag(help: "One JSON object.") var json = false

    struct Record: Encodable {
      struct Candidate: Encodable {
        var message: Int64
        var recipient: String
        var subject: String
        var score: Int
        var reasons: [String]
      }

      var report: Int64
      var kind: String
      var from: String
      var subject: String
      var recipients: [String]
      var why: String
      var handled: String
      var candidates: [Candidate]
    }

    func run() throws {
      try global.with { open in
        let details = try open.unmatched(report)
        let record = Record(details)
        if json { return try Output.json(record) }
        Output.line("report \(record.report): \(record.kind) of \(record.from): \(record.subject)")
        Output.line("names: \(record.recipients.isEmpty ? "nobody" : record.recipients.joined(separator: ", "))")
        Output.line("rule: \(record.why)")
        if !record.handled.isEmpty { Output.line(record.handled) }
        Output.table(
          ["message", "score", "recipient", "subject", "why"],
          record.candidates.map {
            ["\($0.message)", "\($0.score)", $0.recipient, $0.subject, $0.reasons.joined(separator: ", ")]
          })
      }
    }
  }

  struct Rules: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rules", abstract: "The rules that people made of unmatched reports.")

    @OptionGroup var global: GlobalOptions
    @Flag(help: "One JSON object a rule.") var json = false

    struct Record: Encodable {
      var id: Int64
      var sender: String
      var subject: String
      var verdict: String
      var createdBy: String
      var createdAt: String
    }

    func run() throws {
      try global.with { open in
        let rules = try open.store.read { try $0.reports.rules() }.map {
          Record(
            id: $0.id, sender: $0.sender, subject: $0.subject, verdict: $0.verdict.rawValue, createdBy: $0.createdBy,
            createdAt: Clockface.utc($0.createdAt))
        }
        if json { return try Output.json(each: rules) }
        Output.table(
          ["id", "sender", "subject", "verdict", "by"],
          rules.map { ["\($0.id)", $0.sender, $0.subject, $0.verdict, $0.createdBy] })
      }
    }
  }
}

extension UnmatchedCommand.Show.Record {
  init(_ details: UnmatchedDetails) {
    self.init(
      report: details.report.id, kind: details.report.kind.rawValue, from: details.report.from,
      subject: details.report.subject,
      recipients: details.recipients,
      why: details.report.why, handled: details.report.handled,
      candidates: details.candidates.map {
        Candidate(
          message: $0.message.id, recipient: $0.message.recipient, subject: $0.message.subject, score: $0.score,
          reasons: $0.reasons)
      })
  }
}
