import ArgumentParser
import Engine
import Foundation
import MailModel
import Storage

struct SuppressionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suppressions", abstract: "The suppression list: who gets no mail, why, and until when.",
    subcommands: [List.self, Add.self, Lift.self, Import.self, Export.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List it, newest first.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var table: TableOptions

    struct Record: Encodable {
      var address: String
      var reason: String
      var source: String
      var account: String?
      var addedAt: String
      var expiresAt: String?
      var isExpired: Bool
    }

    func run() throws {
      try global.with { open in
        let now = open.clock.now()
        try table.list(
          open, ["address", "reason", "for", "until", "source", "since"],
          columns: {
            [
              $0.address, $0.reason, $0.accountAddress ?? "everyone",
              $0.isExpired(at: now) ? "expired" : $0.expiresAt.map { Clockface.text($0) } ?? "", $0.source,
              Clockface.text($0.addedAt),
            ]
          },
          record: {
            Record(
              address: $0.address, reason: $0.reason, source: $0.source, account: $0.accountAddress,
              addedAt: Clockface.utc($0.addedAt), expiresAt: $0.expiresAt.map(Clockface.utc),
              isExpired: $0.isExpired(at: now))
          },
          page: { try $0.suppressions.page(text: try table.words().text, position: $1, limit: $2) })
      }
    }
  }

  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Put addresses on it.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The addresses.") var addresses: [String]
    @Option(help: "Why.") var reason: String
    @Option(help: "For so many days; for ever without.") var days: Int?
    @Flag(help: "One JSON object.") var json = false

    func run() throws {
      var request = OperationRequest(targets: addresses.map { .init(id: $0) }, arguments: ["reason": reason])
      request.arguments["days"] = days.map(String.init)
      try global.with { try Performing($0, yes: true, json: json).run("suppression.add", request) }
    }
  }

  struct Lift: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "lift", abstract: "Take addresses off it, after saying what that frees.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The addresses.") var addresses: [String]
    @Option(help: "Why.") var reason: String
    @OptionGroup var performing: PerformingOptions

    func run() throws {
      let request = OperationRequest(targets: addresses.map { .init(id: $0) }, arguments: ["reason": reason])
      try global.with { try performing.perform("suppression.lift", request, in: $0) }
    }
  }

  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "import", abstract: "Put every address of a CSV file on it; what is wrong is told with its line.",
      discussion:
        "Columns: address (or email), reason, source, account, expires_at. The same file again changes nothing.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The file.") var file: String
    @Option(help: "Why.") var reason = ""
    @OptionGroup var performing: PerformingOptions

    func run() throws {
      let request = OperationRequest(arguments: ["file": file, "reason": reason])
      try global.with { try performing.perform("suppression.import", request, in: $0) }
    }
  }

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "export", abstract: "Write it as CSV to standard output; no spreadsheet takes a field for a formula."
    )

    @OptionGroup var global: GlobalOptions

    func run() throws { try global.with { try $0.exportSuppressions { Output.own($0) } } }
  }
}
