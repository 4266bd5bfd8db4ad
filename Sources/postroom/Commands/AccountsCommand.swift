import ArgumentParser
import Engine
import MailModel
import MailPolicy
import Storage

struct AccountsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accounts", abstract: "List sending accounts, those that need attention first.",
    discussion: FilterWords.accounts.help)

  @OptionGroup var global: GlobalOptions
  @OptionGroup var table: TableOptions

  struct Record: Encodable {
    var id: Int64
    var address: String
    var standing: String
    var reason: String
    var complaints: Int
    var sent: Int
    var bounced: Int
    var standingChangedAt: String
    var complaintsInWindow: Int
    var caseID: Int64?
    var nextReview: String?
  }

  func run() throws {
    let filter = try table.words(.accounts)
    let standings = filter.values("standing", as: AccountStanding.self)
    try global.with { open in
      try table.list(
        open, ["id", "address", "standing", "30 days", "trend", "bounces", "case", "next review", "why"],
        columns: {
          [
            "\($0.id)", $0.address, $0.standing.rawValue, "\($0.figures?.complaints ?? 0)", $0.figures?.trend ?? "",
            $0.figures?.bounceRate.map(Percent.text) ?? "", $0.figures?.caseState?.rawValue ?? "",
            $0.figures?.nextReview.map { Clockface.text($0) } ?? "", $0.reason,
          ]
        },
        record: Record.init,
        page: {
          try $0.accounts.page(
            AccountQuery(standings: standings, texts: [filter.text], position: $1, limit: $2),
            window: open.workspace.configuration.restriction.window, now: open.clock.now())
        })
    }
  }
}

extension AccountsCommand.Record {
  init(_ account: Account) {
    self.init(
      id: account.id, address: account.address, standing: account.standing.rawValue, reason: account.reason,
      complaints: account.complaintCount, sent: account.sentCount, bounced: account.bounceCount,
      standingChangedAt: Clockface.utc(account.standingChangedAt), complaintsInWindow: account.figures?.complaints ?? 0,
      caseID: account.figures?.caseID, nextReview: account.figures?.nextReview.map(Clockface.utc))
  }
}
