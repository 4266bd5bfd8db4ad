import ArgumentParser
import Engine
import Foundation
import MailModel
import MailPolicy
import Storage

struct QueueListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List messages, newest first.")

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

struct BouncesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bounces", abstract: "Bounces and delays, and what bounces most.",
    subcommands: [BounceListCommand.self, PatternsCommand.self], defaultSubcommand: BounceListCommand.self)
}

struct BounceListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List bounces and delays, newest first.")

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
    var query = try table.words(.bounces).bounces
    query.onlyUnmatched = unmatched
    let chosen = query
    try global.with { open in
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
          var query = chosen
          (query.position, query.limit) = ($1, $2)
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

struct ComplaintsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "complaints", abstract: "List complaints, newest first.")

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
        open, ["id", "when", "account", "recipient", "type", "correlation", "consequence"],
        columns: {
          [
            "\($0.id)", Clockface.text($0.occurredAt), $0.accountAddress ?? "", $0.recipient ?? "", $0.feedbackType,
            $0.correlation.rawValue, $0.isDismissed ? "dismissed" : $0.consequence,
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

struct AccountsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accounts", abstract: "List sending accounts, those that need attention first.")

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
            AccountQuery(standings: standings, text: filter.text, position: $1, limit: $2),
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

struct ReportsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reports",
    abstract: "List mails of the report mailbox, newest first; --unmatched for those that fit nothing.")

  @OptionGroup var global: GlobalOptions
  @OptionGroup var table: TableOptions
  @Flag(help: "Only those that could not be tied to a message of ours.") var unmatched = false
  @Option(help: "Only these kinds: bounce, delay, complaint, autoreply, reply, other.") var kind: [String] = []

  struct Record: Encodable {
    var id: Int64
    var kind: String
    var label: String?
    var handled: String
    var from: String
    var subject: String
    /// The first recipient that it names; empty for none.
    var recipient: String
    var correlation: String
    var message: Int64?
    var why: String
    var receivedAt: String
  }

  func run() throws {
    let kinds = try kind.map { name in
      guard let kind = ReportKind(rawValue: name) else {
        throw ValidationError(
          "--kind: '\(name)' is none of \(ReportKind.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return kind
    }
    try global.with { open in
      try table.list(
        open, ["id", "when", "kind", "from", "subject", "correlation", "why"],
        columns: {
          [
            "\($0.id)", Clockface.text($0.receivedAt), $0.label?.rawValue ?? $0.kind.rawValue, $0.from, $0.subject,
            $0.correlation.rawValue, $0.why,
          ]
        },
        record: Record.init,
        page: {
          try $0.reports.page(
            kinds: Set(kinds), onlyUnmatched: unmatched, text: try table.words().text, position: $1, limit: $2)
        })
    }
  }
}

extension ReportsCommand.Record {
  init(_ report: Report) {
    self.init(
      id: report.id, kind: report.kind.rawValue, label: report.label?.rawValue, handled: report.handled,
      from: report.from, subject: report.subject, recipient: report.recipient,
      correlation: report.correlation.rawValue, message: report.messageID, why: report.why,
      receivedAt: Clockface.utc(report.receivedAt))
  }
}
