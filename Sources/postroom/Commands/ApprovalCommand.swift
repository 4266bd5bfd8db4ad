import ArgumentParser
import Engine
import Foundation
import MailModel
import Storage

struct ApprovalsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approvals",
    abstract: "What waits for a second person, and what was decided; approve or reject it.",
    subcommands: [List.self, Approve.self, Reject.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List them, open ones first.")

    @OptionGroup var global: GlobalOptions
    @Flag(help: "Only those that still need somebody.") var open = false
    @OptionGroup var table: TableOptions

    struct Record: Encodable {
      var id: Int64
      var state: String
      var operation: String
      var preview: String
      var why: String
      var reason: String
      var requestedBy: String
      var requestedFrom: String
      var requestedAt: String
      var expiresAt: String
      var decidedBy: String?
      var decidedAt: String?
      var decision: String
    }

    func run() throws {
      let states: Set<ApprovalState> = self.open ? [.pending, .alone] : []
      try global.with { open in
        try table.list(
          open, ["id", "state", "operation", "asked by", "until", "what", "why two"],
          columns: {
            [
              "\($0.id)", $0.state.rawValue, $0.operation, $0.requestedBy, Clockface.text($0.expiresAt), $0.preview,
              $0.why,
            ]
          },
          record: Record.init,
          page: {
            try $0.approvals.page(ApprovalQuery(states: states, text: try table.words().text, position: $1, limit: $2))
          })
      }
    }
  }

  struct Approve: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "approve", abstract: "As the second person: do what somebody else asked for.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The approval's number.") var id: Int64
    @Option(help: "Your words; kept in the audit log.") var reason: String = ""
    @OptionGroup var performing: PerformingOptions

    func run() throws {
      let request = OperationRequest(targets: [.init(id: "\(id)")], arguments: ["reason": reason])
      try global.with { try performing.perform("approval.approve", request, in: $0) }
    }
  }

  struct Reject: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "reject", abstract: "As the second person: refuse it; or withdraw what you asked for.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The approval's number.") var id: Int64
    @Option(help: "Why; kept in the audit log.") var reason: String
    @Flag(help: "One JSON object.") var json = false

    func run() throws {
      try global.with { open in
        try Performing(open, yes: true, json: json).run(
          "approval.reject", OperationRequest(targets: [.init(id: "\(id)")], arguments: ["reason": reason]))
      }
    }
  }
}

extension ApprovalsCommand.List.Record {
  init(_ approval: Approval) {
    self.init(
      id: approval.id, state: approval.state.rawValue, operation: approval.operation, preview: approval.preview,
      why: approval.why, reason: approval.reason, requestedBy: approval.requestedBy,
      requestedFrom: approval.requestedFrom, requestedAt: Clockface.utc(approval.requestedAt),
      expiresAt: Clockface.utc(approval.expiresAt), decidedBy: approval.decidedBy,
      decidedAt: approval.decidedAt.map(Clockface.utc), decision: approval.decision)
  }
}
