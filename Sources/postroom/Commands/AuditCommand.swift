import ArgumentParser
import Engine
import Foundation
import MailModel
import Storage

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "List the audit log, newest first, or verify its chain.",
    subcommands: [List.self, Verify.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List events.")

    @OptionGroup var global: GlobalOptions
    @Option(help: "Only this operation.") var operation: String?
    @Option(help: "Only this person.") var actor: String?
    @OptionGroup var table: TableOptions

    struct Record: Encodable {
      var id: Int64
      var at: String
      var actor: String
      var role: String
      var origin: String
      var operation: String
      var subject: String
      var reason: String
      var details: String
      var hash: String
    }

    func run() throws {
      try global.with { open in
        try table.list(
          open, ["id", "when", "who", "operation", "about", "why"],
          columns: { ["\($0.id)", Clockface.text($0.at), $0.actor, $0.operation, $0.subject, $0.reason] },
          record: record,
          page: {
            try $0.audit.page(
              AuditQuery(operation: operation, actor: actor, text: table.filter, position: $1, limit: $2))
          })
      }
    }

    private func record(_ event: AuditEvent) -> Record {
      Record(
        id: event.id, at: Clockface.utc(event.at), actor: event.actor, role: event.role, origin: event.origin,
        operation: event.operation, subject: event.subject, reason: event.reason, details: event.details,
        hash: event.hash)
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify", abstract: "Check that no event was edited, removed or moved.",
      discussion:
        "Prints the count and the last hash: keep that line elsewhere and give it as --witness to notice removed last rows."
    )

    @OptionGroup var global: GlobalOptions
    @Option(help: "COUNT:HASH as printed earlier.") var witness: String?
    @Flag(help: "One JSON object.") var json = false

    struct Record: Encodable {
      var sound: Bool
      var count: Int?
      var lastHash: String?
      var problem: String?
    }

    func run() throws {
      try global.with { open in
        let record = try open.store.read { transaction in
          switch try transaction.audit.verify() {
          case .sound(let count, let lastHash): try check(count, lastHash, transaction)
          case .broken(_, let why): Record(sound: false, problem: why)
          }
        }
        if json {
          try Output.json(record)
        } else if record.sound {
          Output.line("sound: \(record.count ?? 0):\(record.lastHash ?? "")")
        } else {
          Output.error("the audit log is broken: \(record.problem ?? "")")
        }
        if !record.sound { throw ExitStatus.dataRefused.code }
      }
    }

    /// The row that the witness names must still be there with the same hash.
    private func check(_ count: Int, _ lastHash: String, _ transaction: Transaction) throws -> Record {
      guard let witness else { return Record(sound: true, count: count, lastHash: lastHash) }
      let parts = witness.split(separator: ":").map(String.init)
      guard parts.count == 2, let number = Int64(parts[0]) else { throw ValidationError("--witness needs COUNT:HASH") }
      let row = try transaction.audit.get(number)
      guard row?.hash == parts[1] else {
        return Record(
          sound: false, count: count, lastHash: lastHash,
          problem: "row \(number) is not the one of the witness: cut off or rewritten")
      }
      return Record(sound: true, count: count, lastHash: lastHash)
    }
  }
}
