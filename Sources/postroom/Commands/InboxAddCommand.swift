import ArgumentParser
import Engine
import Foundation
import MailFormats
import MailModel

extension InboxCommand {
  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "add", abstract: "Add inboxes from lines that are typed without showing them, or piped in.",
      discussion: """
        One inbox a line: email|password|smtphost|smtpport|displayname|imaphost|imapport
        Without imaphost and imapport nobody reads its replies. Ports 465 and 993 are TLS from the first byte, others \
        STARTTLS. Lines are never taken from arguments, which everybody on this machine can see. No line is taken when \
        one is wrong.
        """)

    @OptionGroup var global: GlobalOptions
    @Option(help: "When their warm-up began, as YYYY-MM-DD (default: today).") var started: String = ""
    @Option(help: "How SMTP is secured: starttls, tls, none (loopback only); default by port.") var smtpTls: String?
    @Option(help: "How IMAP is secured: starttls, tls, none (loopback only); default by port.") var imapTls: String?
    @Option(help: "Why; kept in the audit log.") var reason: String = ""
    @Flag(help: "Only say what would be added.") var preview = false

    func run() throws {
      let securities = InboxLine.Securities(
        smtp: try security(smtpTls, "--smtp-tls"), imap: try security(imapTls, "--imap-tls"))
      let lines = try HiddenInput.lines(prompt: "email|password|smtphost|smtpport|displayname|imaphost|imapport: ")
      let inboxes = try parse(lines, securities)
      guard !inboxes.isEmpty else {
        Output.error("no line was given")
        throw ExitStatus.dataRefused.code
      }
      try global.with { open in
        let requests = inboxes.map { ($0, request($0)) }
        // Roles, addresses and days are all looked at before anything is stored.
        let previews = try requests.map { try open.operations.preview("inbox.add", $0.1) }
        if preview {
          for preview in previews { Output.line(preview.summary) }
          return
        }
        if let known = previews.first(where: \.isEmpty) {
          Output.error(known.summary)
          throw ExitStatus.dataRefused.code
        }
        for (inbox, request) in requests {
          try InboxSecret.perform("inbox.add", request, inbox.password, for: inbox.address, open)
        }
      }
    }

    private func security(_ word: String?, _ option: String) throws -> MailServer.Security? {
      guard let word else { return nil }
      guard let security = MailServer.Security(rawValue: word) else {
        throw ValidationError("\(option): '\(word)' is none of starttls, tls, none")
      }
      return security
    }

    private func request(_ inbox: InboxLine) -> OperationRequest {
      func words(_ server: MailServer) -> String { "\(server.endpoint):\(server.security.rawValue)" }
      return OperationRequest(arguments: [
        "address": inbox.address, "smtp": words(inbox.smtp), "imap": inbox.imap.map(words) ?? "",
        "name": inbox.displayName, "started": started, "reason": reason,
      ])
    }

    /// All lines or none.
    private func parse(
      _ lines: [(number: Int, text: String)], _ securities: InboxLine.Securities
    ) throws -> [InboxLine] {
      var inboxes: [InboxLine] = []
      var lineOf: [String: Int] = [:]
      var isRefused = false
      func refuse(_ number: Int, _ problem: String) {
        isRefused = true
        Output.error("line \(number): \(problem)")
      }
      for (number, text) in lines {
        do throws(InboxLineError) {
          let inbox = try InboxLine(parsing: text, securities: securities)
          if inbox.password.isEmpty { refuse(number, "password: is empty") }
          if let first = lineOf[inbox.address] { refuse(number, "email: is that of line \(first) already") }
          lineOf[inbox.address] = number
          inboxes.append(inbox)
        } catch { refuse(number, error.description) }
      }
      if isRefused { throw ExitStatus.dataRefused.code }
      return inboxes
    }
  }

  struct Password: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "password", abstract: "Replace an inbox's password; typed without showing it, or piped in.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Its address.") var address: String
    @Option(help: "Why; kept in the audit log.") var reason: String = ""

    func run() throws {
      try global.with { open in
        let login = try open.inboxStatus(address)
        let request = OperationRequest(
          targets: [.init(id: login.inbox.address)], arguments: ["reason": reason])
        _ = try open.operations.preview("inbox.password", request)
        guard let password = try HiddenInput.secret(prompt: "password of \(Output.gated(login.inbox.address)): "),
          !password.isEmpty, !password.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
        else {
          Output.error("no password was given; nothing was done")
          throw ExitStatus.dataRefused.code
        }
        try InboxSecret.perform("inbox.password", request, Secret(password), for: login.inbox.address, open)
      }
    }
  }
}

/// An operation that a password belongs to: staged before, adopted by the operation, discarded when it is refused.
enum InboxSecret {
  static func perform(
    _ id: String, _ request: OperationRequest, _ password: Secret, for address: String, _ open: OpenWorkspace
  ) throws {
    try open.secrets.stage(password, for: address)
    do {
      Output.line(try open.operations.perform(id, request).summary)
    } catch {
      open.secrets.discard(address)
      throw error
    }
  }
}
