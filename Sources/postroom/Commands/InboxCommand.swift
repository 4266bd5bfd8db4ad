import ArgumentParser
import Engine
import Foundation
import MailModel
import MailPolicy
import Storage

struct InboxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inbox", abstract: "Sending identities: warm-up, health, limits, logins.",
    subcommands: [
      List.self, Show.self, Add.self, Test.self, Password.self, Pause.self, Resume.self, Limit.self, Remove.self,
    ], defaultSubcommand: List.self)

  /// One inbox as scripts read it.
  struct Record: Encodable {
    var id: Int64
    var address: String
    var name: String
    var smtp: String
    var imap: String?
    var week: Int
    var limit: Int
    var used: Int
    var explanation: String
    var resetsAt: String
    var health: Int
    var factors: [String: String]
    var waiting: Int
    var pausedUntil: String?
    var pauseReason: String?
    var days: [Int]
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List inboxes, those that need attention first.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var table: TableOptions

    func run() throws {
      try global.with { open in
        try table.list(
          open, ["id", "address", "week", "today", "waiting", "health", "standing"],
          columns: { status in
            [
              "\(status.inbox.id)", status.inbox.address, "\(status.allowance.week)",
              "\(status.allowance.used)/\(status.allowance.limit)", "\(status.inbox.waiting)",
              "\(status.report.score)", status.standing,
            ]
          },
          record: Record.init,
          page: { try open.inboxPage($0, text: try table.words().text, $1, limit: $2) })
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Everything about one inbox, with where its numbers come from.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Its address.") var address: String
    @Flag(help: "One JSON object.") var json = false

    func run() throws {
      try global.with { open in
        let status = try open.inboxStatus(address)
        if json { return try Output.json(Record(status)) }
        for (name, value) in status.words(now: open.clock.now()) { Output.line("\(name): \(value)") }
      }
    }
  }
}

extension InboxCommand.Record {
  init(_ status: InboxStatus) {
    let (inbox, allowance) = (status.inbox, status.allowance)
    self.init(
      id: inbox.id, address: inbox.address, name: inbox.displayName,
      smtp: "\(inbox.smtp.endpoint) \(inbox.smtp.security.rawValue)",
      imap: inbox.imap.map { "\($0.endpoint) \($0.security.rawValue)" }, week: allowance.week,
      limit: allowance.limit, used: allowance.used, explanation: allowance.explanation,
      resetsAt: Clockface.utc(allowance.resetsAt), health: status.report.score,
      factors: Dictionary(
        status.report.factors.map { ($0.name, $0.explanation) }, uniquingKeysWith: { first, _ in first }),
      waiting: inbox.waiting, pausedUntil: inbox.pause?.until.map(Clockface.utc), pauseReason: inbox.pause?.reason,
      days: status.days.map(\.sent))
  }
}
