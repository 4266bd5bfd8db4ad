import ArgumentParser
import Engine
import Foundation
import MailModel
import Storage

struct UncertainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "uncertain", abstract: "Messages in doubt: armed, and no definite reply known.",
    discussion: """
      Evidence settles doubt by itself. By hand: 'postroom do uncertain.mark-sent ID', 'uncertain.give-up ID' and \
      'uncertain.send-again ID', each with --reason.
      """,
    subcommands: [List.self, Show.self], defaultSubcommand: List.self)

  struct Record: Encodable {
    var id: Int64
    var recipient: String
    var account: String
    var messageID: String
    var subject: String
    var since: String
    var ageSeconds: Int64
    var relay: String
    var peer: String
    var lastCommand: String
    var armedAt: String?
    var why: String
    var evidence: [String]
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List messages in doubt, newest first.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var table: TableOptions

    func run() throws {
      try global.with { open in
        let now = open.clock.now()
        try table.list(
          open, ["id", "age", "recipient", "relay", "peer", "last command", "evidence", "why"],
          columns: { (facts: DoubtFacts) in
            [
              "\(facts.message.id)", facts.age(now: now).words, facts.message.recipient, facts.relay,
              facts.peer, facts.lastCommand, facts.evidence.isEmpty ? "none" : "\(facts.evidence.count)", facts.why,
            ]
          },
          record: { Record($0, now: now) },
          page: { transaction, position, limit in
            let page = try transaction.messages.page(
              MessageQuery(states: [.uncertain], text: try table.words().text, position: position, limit: limit))
            return try page.map { try DoubtFacts.facts(of: $0, in: transaction) }
          })
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "One message in doubt: what is known, what speaks for it, what happened to it.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The message's number.") var message: Int64
    @Flag(help: "One JSON object.") var json = false

    func run() throws {
      try global.with { open in
        let (message, story) = try open.story(of: message)
        guard let facts = story.doubt else {
          throw OperationRefusal.badTarget("\(message.id)", expected: "in doubt; it is \(message.state.rawValue)")
        }
        let now = open.clock.now()
        if json { return try Output.json(Record(facts, now: now)) }
        Output.line("message \(message.id) to \(message.recipient): \(message.subject)")
        Output.line("in doubt since \(Clockface.text(facts.since)), \(facts.age(now: now).words)")
        Output.line(
          "relay \(facts.relay.isEmpty ? "unknown" : facts.relay), peer \(facts.peer.isEmpty ? "unknown" : facts.peer)")
        Output.line(
          "last command: \(facts.lastCommand); armed \(facts.armedAt.map { Clockface.text($0) } ?? "at an unknown moment")"
        )
        Output.line("why: \(facts.why)")
        Output.line("evidence: \(facts.evidence.isEmpty ? "none yet; \(DoubtFacts.settledBy)" : "")")
        for one in facts.evidence { Output.line("  \(one)") }
        HistoryOutput.print(story.history)
      }
    }
  }
}

extension UncertainCommand.Record {
  init(_ facts: DoubtFacts, now: Timestamp) {
    let message = facts.message
    self.init(
      id: message.id, recipient: message.recipient, account: message.accountAddress, messageID: message.messageID,
      subject: message.subject, since: Clockface.utc(facts.since),
      ageSeconds: facts.age(now: now).microseconds / 1_000_000, relay: facts.relay, peer: facts.peer,
      lastCommand: facts.lastCommand, armedAt: facts.armedAt.map(Clockface.utc), why: facts.why,
      evidence: facts.evidence)
  }
}
