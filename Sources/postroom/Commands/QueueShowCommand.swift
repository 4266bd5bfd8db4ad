import ArgumentParser
import Engine
import Foundation
import MailModel
import Storage

struct QueueShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One message with its whole history: attempts, changes, reports, operations.")

  @OptionGroup var global: GlobalOptions
  @Argument(help: "The message's number.") var message: Int64
  @Flag(help: "One JSON object.") var json = false

  struct Record: Encodable {
    var message: QueueListCommand.Record
    /// The relays that keep it from going, while none takes mail.
    var waitsFor: String?
    var history: [Entry]

    struct Entry: Encodable {
      var kind: String
      var at: String?
      var what: String
      var relay: String
      var peer: String
      var command: String
      var reply: String
      var reason: String
      var nextAttemptAt: String?
      var by: String
    }
  }

  func run() throws {
    try global.with { open in
      let (message, story) = try open.story(of: message)
      if json {
        return try Output.json(
          Record(
            message: QueueListCommand.Record(message), waitsFor: story.closedRelays,
            history: story.history.map(Record.Entry.init)))
      }
      let why = message.stateReason == message.state.rawValue ? "" : ", \(message.stateReason)"
      Output.line("message \(message.id): \(message.state.rawValue)\(why)")
      Output.line("to \(message.recipient) from \(message.accountAddress), \(message.messageID)")
      Output.line("subject: \(message.subject)")
      if message.waitsForPerson(now: open.clock.now()) {
        Output.line("next attempt: by hand, what it waits for has no end")
      } else if message.state == .queued {
        Output.line("next attempt: \(Clockface.text(message.nextAttemptAt))")
      }
      if let relays = story.closedRelays { Output.line("waits for: \(relays)") }
      HistoryOutput.print(story.history)
    }
  }
}

extension QueueShowCommand.Record.Entry {
  init(_ entry: HistoryEntry) {
    self.init(
      kind: entry.kind.rawValue, at: entry.at.map(Clockface.utc), what: entry.title, relay: entry.relay,
      peer: entry.peer, command: entry.command, reply: entry.reply, reason: entry.reason,
      nextAttemptAt: entry.nextAttemptAt.map(Clockface.utc), by: entry.by)
  }
}
