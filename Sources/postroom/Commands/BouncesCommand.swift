import ArgumentParser
import Engine
import MailModel
import Storage

struct BouncesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bounces", abstract: "Bounces and delays, and what bounces most.",
    subcommands: [BounceListCommand.self, PatternsCommand.self], defaultSubcommand: BounceListCommand.self)
}

struct BounceListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List bounces and delays, newest first.", discussion: FilterWords.bounces.help)

  @OptionGroup var global: GlobalOptions
  @OptionGroup var table: TableOptions
  @Flag(help: "Only those not proven to be about mail of ours.") var unmatched = false

  struct Record: Encodable {
    var id: Int64
    var report: Int64
    var message: Int64?
    /// The account whose mail bounced; absent when no message of ours is proven.
    var account: String?
    var recipient: String
    var kind: String
    var bounceClass: String
    var status: String?
    var reason: String
    var diagnostic: String
    var correlation: String
    var consequence: String
    var occurredAt: String
  }

  func run() throws {
    let filter = try table.words(.bounces)
    try global.with { open in
      let now = open.clock.now()
      try table.list(
        open, ["id", "when", "recipient", "account", "kind", "class", "status", "reason", "consequence"],
        columns: {
          [
            "\($0.id)", Clockface.text($0.occurredAt), $0.recipient, $0.accountAddress ?? "", $0.kind.rawValue,
            $0.bounceClass.rawValue, $0.status?.description ?? "", $0.reason, $0.consequence,
          ]
        },
        record: Record.init,
        page: {
          var query = filter.bounces(at: now)
          (query.onlyUnmatched, query.position, query.limit) = (unmatched, $1, $2)
          return try $0.bounces.page(query)
        })
    }
  }
}

extension BounceListCommand.Record {
  init(_ bounce: Bounce) {
    self.init(
      id: bounce.id, report: bounce.reportID, message: bounce.messageID, account: bounce.accountAddress,
      recipient: bounce.recipient, kind: bounce.kind.rawValue, bounceClass: bounce.bounceClass.rawValue,
      status: bounce.status?.description,
      reason: bounce.reason, diagnostic: bounce.diagnostic, correlation: bounce.correlation.rawValue,
      consequence: bounce.consequence, occurredAt: Clockface.utc(bounce.occurredAt))
  }
}
