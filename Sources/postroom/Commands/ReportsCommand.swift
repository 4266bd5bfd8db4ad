import ArgumentParser
import Engine
import MailModel
import Storage

struct ReportsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reports",
    abstract: "List mails of the report mailbox, newest first; --unmatched for those that fit nothing.")

  @OptionGroup var global: GlobalOptions
  @OptionGroup var table: TableOptions
  @Flag(help: "Only those that could not be tied to a message of ours.") var unmatched = false
  @Option(help: "Only these kinds: bounce, delay, complaint, autoreply, reply, other.") var kind: [String] = []

  struct Record: Encodable {
    var id: Int64
    var kind: String
    var label: String?
    var handled: String
    var from: String
    var subject: String
    /// The first recipient that it names; empty for none.
    var recipient: String
    var correlation: String
    var message: Int64?
    var why: String
    var receivedAt: String
  }

  func run() throws {
    let kinds = try kind.map { name in
      guard let kind = ReportKind(rawValue: name) else {
        throw ValidationError(
          "--kind: '\(name)' is none of \(ReportKind.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return kind
    }
    try global.with { open in
      try table.list(
        open, ["id", "when", "kind", "from", "subject", "matched by", "why"],
        columns: {
          [
            "\($0.id)", Clockface.text($0.receivedAt), $0.label?.rawValue ?? $0.kind.rawValue, $0.from, $0.subject,
            $0.correlation.words, $0.why,
          ]
        },
        record: Record.init,
        page: {
          try $0.reports.page(
            kinds: Set(kinds), onlyUnmatched: unmatched, text: try table.words().text, position: $1, limit: $2)
        })
    }
  }
}

extension ReportsCommand.Record {
  init(_ report: Report) {
    self.init(
      id: report.id, kind: report.kind.rawValue, label: report.label?.rawValue, handled: report.handled,
      from: report.from, subject: report.subject, recipient: report.recipient,
      correlation: report.correlation.rawValue, message: report.messageID, why: report.why,
      receivedAt: Clockface.utc(report.receivedAt))
  }
}
