import ArgumentParser
import Engine
import MailModel
import Storage

struct QueueListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List messages, newest first.", discussion: FilterWords.messages.help)

  @OptionGroup var global: GlobalOptions
  @OptionGroup var table: TableOptions
  @Option(help: "Only these states.") var state: [String] = []
  @Option(help: "Only this sending account.") var account: String?

  struct Record: Encodable {
    var id: Int64
    var state: String
    var recipient: String
    var account: String
    var envelopeSender: String
    var messageID: String
    var subject: String
    var attempts: Int
    var enqueuedAt: String
    var nextAttemptAt: String
    var reason: String
  }

  func run() throws {
    let states = try state.map { name in
      guard let state = MessageState(rawValue: name) else {
        throw ValidationError(
          "--state: '\(name)' is none of \(MessageState.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return state
    }
    var query = try table.words(.messages).messages
    query.states.formUnion(states)
    if let account { query.account = account }
    let chosen = query
    try global.with { open in
      let (run, now) = (try open.usedUpRun(), open.clock.now())
      try table.list(
        open, ["id", "enqueued", "state", "recipient", "account", "tries", "why"],
        columns: { message in
          let obstacle = run.flatMap { $0.holdsBack(message, now: now) ? RunWords.obstacle($0) : nil }
          return [
            "\(message.id)", Clockface.text(message.enqueuedAt), message.state.rawValue, message.recipient,
            message.accountAddress, "\(message.attemptCount)", obstacle ?? message.stateReason,
          ]
        },
        record: Record.init,
        page: {
          var query = chosen
          (query.position, query.limit) = ($1, $2)
          return try $0.messages.page(query)
        })
    }
  }
}

extension QueueListCommand.Record {
  init(_ message: Message) {
    self.init(
      id: message.id, state: message.state.rawValue, recipient: message.recipient, account: message.accountAddress,
      envelopeSender: message.envelopeSender, messageID: message.messageID, subject: message.subject,
      attempts: message.attemptCount, enqueuedAt: Clockface.utc(message.enqueuedAt),
      nextAttemptAt: Clockface.utc(message.nextAttemptAt), reason: message.stateReason)
  }
}
