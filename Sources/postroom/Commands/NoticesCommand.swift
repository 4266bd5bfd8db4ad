import ArgumentParser
import Engine
import MailModel
import Storage

struct NoticesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notices", abstract: "What people were told, and whether it reached them.",
    subcommands: [List.self, Retry.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List notices, newest first.")

    @OptionGroup var global: GlobalOptions
    @Option(help: "Only these states: queued, sent, failed, suppressed.") var state: [String] = []
    @Option(help: "Only those about this account.") var account: String?
    @Option(name: .customLong("case"), help: "Only those of this case.") var caseID: Int64?
    @OptionGroup var table: TableOptions

    struct Record: Encodable {
      var id: Int64
      var state: String
      var kind: String
      var channel: String
      var target: String
      var caseID: Int64?
      var subject: String
      var message: Int64?
      var attempts: Int
      var nextAttemptAt: String
      var lastError: String
      var createdAt: String
      var createdBy: String
    }

    func run() throws {
      let states = try state.map { name in
        guard let state = NoticeState(rawValue: name) else {
          throw ValidationError(
            "--state: '\(name)' is none of \(NoticeState.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return state
      }
      try global.with { open in
        // An address that is no account of ours has no notices: an id that no row has.
        let account = try account.map { address in
          try open.store.read { try $0.accounts.get(address: address)?.id ?? -1 }
        }
        try table.list(
          open, ["id", "state", "kind", "channel", "to", "tries", "next", "problem"],
          columns: {
            [
              "\($0.id)", $0.state.rawValue, $0.kind, $0.channel.rawValue, $0.target, "\($0.attempts)",
              $0.state == .queued ? Clockface.text($0.nextAttemptAt) : "", $0.lastError,
            ]
          },
          record: Record.init,
          page: {
            try $0.notices.page(
              NoticeQuery(
                states: Set(states), account: account, caseID: caseID, text: try table.words().text, position: $1,
                limit: $2))
          })
      }
    }
  }

  struct Retry: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "retry", abstract: "Make failed notices due again.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The notices' numbers.") var ids: [Int64]
    @Flag(help: "One JSON object.") var json = false

    func run() throws {
      try global.with { open in
        try Performing(open, yes: true, json: json).run(
          "notice.retry", OperationRequest(targets: ids.map { .init(id: "\($0)") }))
      }
    }
  }
}

extension NoticesCommand.List.Record {
  init(_ notice: Notice) {
    self.init(
      id: notice.id, state: notice.state.rawValue, kind: notice.kind, channel: notice.channel.rawValue,
      target: notice.target, caseID: notice.caseID, subject: notice.subject, message: notice.messageID,
      attempts: notice.attempts, nextAttemptAt: Clockface.utc(notice.nextAttemptAt), lastError: notice.lastError,
      createdAt: Clockface.utc(notice.createdAt), createdBy: notice.createdBy)
  }
}
