import ArgumentParser
import Engine
import Foundation
import MailModel
import Storage

extension CaseCommand {
  struct FollowUpList: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "follow-ups", abstract: "List follow-ups that are due, the longest overdue first.",
      discussion: "Done with: postroom do follow-up.done ID")

    @OptionGroup var global: GlobalOptions
    @Flag(help: "Those of later days too.") var all = false
    @OptionGroup var table: TableOptions

    struct Record: Encodable {
      var id: Int64
      var account: String
      var `case`: Int64
      var dueAt: String
      var isDue: Bool
      var text: String
      var createdBy: String
    }

    func run() throws {
      try global.with { open in
        let now = open.clock.now()
        try table.list(
          open, ["id", "due", "account", "case", "by", "text"],
          columns: { row in
            [
              "\(row.id)", "\(Clockface.day(row.dueAt))", row.accountAddress, "\(row.caseID)",
              row.createdBy,
              row.text,
            ]
          },
          record: { row in
            Record(
              id: row.id, account: row.accountAddress, case: row.caseID, dueAt: Clockface.utc(row.dueAt),
              isDue: row.dueAt <= now, text: row.text, createdBy: row.createdBy)
          },
          page: {
            try $0.followUps.page(
              FollowUpQuery(dueBy: all ? nil : now, text: try table.words().text, position: $1, limit: $2))
          })
      }
    }
  }
}
