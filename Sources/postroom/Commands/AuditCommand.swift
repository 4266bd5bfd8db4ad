import ArgumentParser
import Engine
import Foundation
import MailModel
import Storage

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Who did what, when, from where and why: list it, export it, verify its chain.",
    subcommands: [List.self, Show.self, Export.self, Witness.self, Verify.self], defaultSubcommand: List.self)

  /// Which events.
  struct Selection: ParsableArguments {
    @Option(help: "Only this operation.") var operation: String?
    @Option(help: "Only this person.") var actor: String?
    @Option(help: "Only those about this account.") var account: String?
    @Option(help: "From this day on (2026-11-21), or 7d, 24h, 30min ago.") var since: String?
    @Option(help: "Before this day, or so long ago.") var until: String?

    /// - Throws: `ValidationError` for a time that is none.
    func query(_ open: OpenWorkspace, _ words: String, isDescending: Bool) throws -> AuditQuery {
      let filter = Filter(words, .audit)
      if let problem = filter.problem { throw ValidationError("--filter: \(problem)") }
      // An address that is no account of ours has no events: an id that no row has.
      let id = try (account ?? filter.value("account")).map { address in
        try open.store.read { try $0.accounts.get(address: address)?.id ?? -1 }
      }
      return AuditQuery(
        operation: operation ?? filter.value("operation"), actor: actor ?? filter.value("actor"), account: id,
        since: try moment(since ?? filter.value("since"), "since", open),
        until: try moment(until ?? filter.value("until"), "until", open), text: filter.text, isDescending: isDescending)
    }

    private func moment(_ text: String?, _ name: String, _ open: OpenWorkspace) throws -> Timestamp? {
      guard let text else { return nil }
      guard let moment = DayText.moment(text, now: open.clock.now()) else {
        throw ValidationError("--\(name): '\(text)' is no day such as 2026-11-21, and not 7d, 24h or 30min")
      }
      return moment
    }
  }

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

    init(_ event: AuditEvent) {
      (id, at, actor, role, origin) = (event.id, Clockface.utc(event.at), event.actor, event.role, event.origin)
      (operation, subject, reason) = (event.operation, event.subject, event.reason)
      (details, hash) = (event.details, event.hash)
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List events, newest first.", discussion: FilterWords.audit.help)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var selection: Selection
    @OptionGroup var table: TableOptions

    func run() throws {
      try global.with { open in
        var query = try selection.query(open, table.filter, isDescending: true)
        try table.list(
          open, ["id", "when", "who", "operation", "what", "why"],
          columns: {
            [
              "\($0.id)", Clockface.text($0.at), $0.actor, $0.operation, AuditDetails($0.details).words ?? $0.subject,
              $0.reason,
            ]
          },
          record: Record.init,
          page: { transaction, position, limit in
            (query.position, query.limit) = (position, limit)
            return try transaction.audit.page(query)
          })
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "One event with everything it says: before, after, who approved, what came of it.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The event's number.") var event: Int64
    @Flag(help: "One JSON object.") var json = false

    func run() throws {
      try global.with { open in
        guard let event = try open.store.read({ try $0.audit.get(event) }) else {
          throw OperationRefusal.badTarget("\(event)", expected: "an event of the audit log")
        }
        if json { return try Output.json(Record(event)) }
        let fields = [
          ("when", Clockface.text(event.at)), ("who", "\(event.actor) (\(event.role)) from \(event.origin)"),
          ("operation", event.operation), ("about", event.subject), ("reason", event.reason),
        ]
        for (name, value) in fields + AuditDetails(event.details).fields + [("hash", event.hash)] where !value.isEmpty {
          Output.line("\(name.padding(toLength: max(13, name.count + 1), withPad: " ", startingAt: 0))\(value)")
        }
      }
    }
  }

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "export", abstract: "Write events to standard output, oldest first.",
      discussion: "jsonl keeps every value as it is; csv is made safe for spreadsheets: no cell can be a formula.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case jsonl, csv }

    @OptionGroup var global: GlobalOptions
    @OptionGroup var selection: Selection
    @Option(help: "Only events that contain this.") var filter: String = ""
    @Option(help: "jsonl or csv.") var format: Format = .jsonl

    func run() throws {
      try global.with { open in
        var query = try selection.query(open, filter, isDescending: false)
        query.limit = 500
        if format == .csv { Output.own(AuditExport.csvHeader) }
        var hasMore = true
        while hasMore {
          let page = try open.store.read { try $0.audit.page(query) }
          switch format {
          case .jsonl: try Output.json(each: page.rows.map(Record.init))
          case .csv: Output.own(page.rows.map(AuditExport.csv).joined())
          }
          hasMore = page.hasMore && page.last != nil
          if let last = page.last { query.position = .after(last) }
        }
      }
    }
  }

  struct Witness: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "witness", abstract: "Print one line to keep elsewhere, after verifying the chain.",
      discussion: "Append it to a file on another machine, mail it, print it: 'audit verify --witness FILE' checks it.")

    @OptionGroup var global: GlobalOptions

    func run() throws {
      try global.with { open in
        do { Output.line("\(try open.store.read { try AuditWitness.take($0, now: open.clock.now()) })") } catch let
          broken as AuditBroken
        {
          Output.error("the audit log is broken: \(broken)")
          throw ExitStatus.dataRefused.code
        }
      }
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify", abstract: "Check that no event was edited, removed, moved or cut off.",
      discussion:
        "Prints the count and the last hash. Only a witness kept elsewhere ('audit witness') shows a log that was written anew."
    )

    @OptionGroup var global: GlobalOptions
    @Option(help: "A file with lines of 'audit witness', or one COUNT:HASH.") var witness: String?
    @Flag(help: "One JSON object.") var json = false

    struct Record: Encodable {
      var sound: Bool
      var count: Int?
      var lastHash: String?
      var witnesses = 0
      var problem: String?
    }

    func run() throws {
      let witnesses = try read()
      try global.with { open in
        let record = try open.store.read { transaction in
          switch try transaction.audit.verify() {
          case .sound(let count, let lastHash): try check(count, lastHash, witnesses, transaction)
          case .broken(_, let why): Record(sound: false, problem: why)
          }
        }
        if json {
          try Output.json(record)
        } else if record.sound {
          Output.line("sound: \(record.count ?? 0):\(record.lastHash ?? "")")
          if record.witnesses > 0 {
            Output.line("\(Amount.words(record.witnesses, "witness line")) checked, all borne out")
          }
        } else {
          Output.error("the audit log is broken: \(record.problem ?? "")")
        }
        if !record.sound { throw ExitStatus.dataRefused.code }
      }
    }

    private func read() throws -> [AuditWitness] {
      guard let witness else { return [] }
      if let one = AuditWitness(witness) { return [one] }
      guard !witness.contains(":") || FileManager.default.fileExists(atPath: witness) else {
        throw ValidationError("--witness: '\(witness)' is no file and not COUNT:HASH as 'audit verify' prints them")
      }
      let text = String(decoding: try Input.bytes(of: witness), as: UTF8.self)
      let found = AuditWitness.all(in: text).map(\.witness)
      guard !found.isEmpty else { throw ValidationError("\(witness) holds no line of 'postroom audit witness'") }
      return found
    }

    private func check(
      _ count: Int, _ lastHash: String, _ witnesses: [AuditWitness], _ transaction: Transaction
    ) throws -> Record {
      for witness in witnesses {
        if let problem = try witness.contradiction(transaction) {
          return Record(sound: false, count: count, lastHash: lastHash, problem: problem)
        }
      }
      return Record(sound: true, count: count, lastHash: lastHash, witnesses: witnesses.count)
    }
  }
}
