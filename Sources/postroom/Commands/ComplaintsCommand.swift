import ArgumentParser
import Engine
import MailModel
import Storage

struct ComplaintsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "complaints", abstract: "List complaints, newest first.", discussion: FilterWords.complaints.help)

  @OptionGroup var global: GlobalOptions
  @OptionGroup var table: TableOptions

  struct Record: Encodable {
    var id: Int64
    var report: Int64
    var message: Int64?
    var account: String?
    var recipient: String?
    var feedbackType: String
    var correlation: String
    var isDismissed: Bool
    var consequence: String
    var occurredAt: String
  }

  func run() throws {
    let filter = try table.words(.complaints)
    try global.with { open in
      // An address that is no account of ours has no complaints: an id that no row has.
      let account = try filter.value("account").map { address in
        try open.store.read { try $0.accounts.get(address: address)?.id ?? -1 }
      }
      try table.list(
        open, ["id", "when", "account", "recipient", "type", "matched by", "consequence"],
        columns: {
          [
            "\($0.id)", Clockface.text($0.occurredAt), $0.accountAddress ?? "", $0.recipient ?? "", $0.feedbackType,
            $0.correlation.words, $0.isDismissed ? "dismissed" : $0.consequence,
          ]
        },
        record: Record.init,
        page: {
          try $0.complaints.page(ComplaintQuery(account: account, text: filter.text, position: $1, limit: $2))
        })
    }
  }
}

extension ComplaintsCommand.Record {
  init(_ complaint: Complaint) {
    self.init(
      id: complaint.id, report: complaint.reportID, message: complaint.messageID, account: complaint.accountAddress,
      recipient: complaint.recipient, feedbackType: complaint.feedbackType, correlation: complaint.correlation.rawValue,
      isDismissed: complaint.isDismissed, consequence: complaint.consequence,
      occurredAt: Clockface.utc(complaint.occurredAt))
  }
}
