import ArgumentParser
import Engine
import Foundation
import MailModel
import Transport

extension InboxCommand {
  struct Test: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "test", abstract: "Prove that an inbox can log in to its SMTP and IMAP servers. Sends nothing.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Its address.") var address: String
    @Flag(help: "One JSON object a step.") var json = false

    struct Record: Encodable {
      var server: String
      var step: String
      var verdict: String
      var detail: String
    }

    func run() throws {
      try global.with { open in
        let login = try open.inboxLogin(address)
        let caFile = open.workspace.configuration.caFile
        let helloName = open.workspace.configuration.relay.helloName
        let smtp = ConnectionProbe.smtp(
          SMTPSettings(login, caFile: caFile, helloName: helloName))
        try show("smtp", smtp)
        let imap = IMAPSettings(login, caFile: caFile).map { ConnectionProbe.imap($0, mailbox: "INBOX") }
        if let imap { try show("imap", imap) }
        let isFailed = (smtp + (imap ?? [])).contains { $0.verdict == .failed }
        if isFailed { throw ExitStatus.unavailable.code }
        guard !json else { return }
        Output.line(
          imap == nil
            ? "\(login.inbox.address): SMTP login works; no IMAP is set" : "\(login.inbox.address): both logins work")
      }
    }

    private func show(_ server: String, _ steps: [ProbeStep]) throws {
      for step in steps {
        if json {
          try Output.json(
            Record(
              server: server, step: step.name.rawValue, verdict: step.verdict.rawValue, detail: step.detail))
          continue
        }
        let mark = step.verdict == .failed ? "FAILED " : step.verdict == .skipped ? "skipped" : "ok     "
        Output.line("\(mark)  \(server) \(step.name.rawValue): \(step.detail)")
      }
    }
  }

  struct Pause: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "pause", abstract: "Keep an inbox from sending, for some days or until it is resumed.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Its address.") var address: String
    @Option(help: "Why; kept in the audit log.") var reason: String
    @Option(help: "For how many days.") var days: Int?
    @Flag(help: "One JSON object.") var json = false

    func run() throws {
      var arguments = ["reason": reason]
      if let days { arguments["days"] = "\(days)" }
      let request = OperationRequest(targets: [.init(id: address)], arguments: arguments)
      try global.with { try Performing($0, yes: true, json: json).run("inbox.pause", request) }
    }
  }

  struct Resume: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "resume", abstract: "End a pause early.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Its address.") var address: String
    @Option(help: "Why; kept in the audit log.") var reason: String
    @OptionGroup var performing: PerformingOptions

    func run() throws {
      let request = OperationRequest(targets: [.init(id: address)], arguments: ["reason": reason])
      try global.with { try performing.perform("inbox.resume", request, in: $0) }
    }
  }

  struct Limit: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "limit", abstract: "Messages a day instead of the warm-up schedule, or 'schedule'.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Its address.") var address: String
    @Argument(help: "Messages a day, or 'schedule'.") var limit: String
    @Option(help: "Why; kept in the audit log.") var reason: String
    @OptionGroup var performing: PerformingOptions

    func run() throws {
      let request = OperationRequest(
        targets: [.init(id: address)], arguments: ["limit": limit, "reason": reason])
      try global.with { try performing.perform("inbox.limit", request, in: $0) }
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "remove", abstract: "Remove an inbox from which nothing waits, with its password.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Its address.") var address: String
    @Option(help: "Why; kept in the audit log.") var reason: String
    @OptionGroup var performing: PerformingOptions

    func run() throws {
      let request = OperationRequest(targets: [.init(id: address)], arguments: ["reason": reason])
      try global.with { try performing.perform("inbox.remove", request, in: $0) }
    }
  }
}
