import MailFormats
import MailModel
import Storage

/// Operations that come with a password. The password itself is no argument: it is staged in the secrets folder
/// beforehand and adopted after the commit, so that it is in no request, preview, approval or audit row.
extension Operation {
  static let inboxLoginOperations: [Operation] = [addInbox, changePassword]

  private static let addInbox = Operation(
    id: "inbox.add", title: "Add inbox",
    help: "Adds a sending identity; its warm-up begins. Its password comes with 'postroom inbox add' only.",
    target: .none,
    arguments: [
      Argument("address", "Its address."), Argument("smtp", "host:port:starttls, tls or none."),
      Argument("imap", "The same for its mailbox; empty for none.", isRequired: false),
      Argument("name", "Its display name.", isRequired: false),
      Argument("started", "When its warm-up began, as YYYY-MM-DD; today when empty.", isRequired: false),
      .optionalReason,
    ],
    role: .lead, confirmation: .none,
    disabledReason: { _ in "a password must not be typed on a screen: use 'postroom inbox add'" },
    preview: { transaction, context, request in
      let new = try newInbox(request, context)
      let known = try transaction.inboxes.get(address: new.address)
      let account = try transaction.accounts.get(address: new.address)
      let waiting = try account.map { try transaction.messages.count(account: $0.id, states: .queued) } ?? 0
      return Preview(
        summary: known == nil
          ? "adds \(new.address) over \(new.smtp.endpoint)"
          : "there is an inbox \(new.address) already; 'postroom inbox password' changes its password",
        lines: waiting == 0
          ? [] : ["\(Amount.words(waiting, "waiting message")) of account \(new.address) will go out from it"],
        isEmpty: known != nil)
    },
    effect: { transaction, context, request in
      let new = try newInbox(request, context)
      guard let secrets = context.secrets, secrets.isStaged(new.address) else { throw noPassword(new.address) }
      guard try transaction.inboxes.get(address: new.address) == nil else {
        throw OperationRefusal.changed("there is an inbox \(new.address) already")
      }
      let inbox = try transaction.inboxes.add(new)
      let account = try transaction.accounts.get(address: new.address)
      let adopted = try account.map { try transaction.inboxes.adoptWaiting(inbox.id, account: $0.id) } ?? 0
      return Effect(
        "\(inbox.address) added" + (adopted == 0 ? "" : ", with \(adopted) waiting messages"),
        subject: "inbox:\(inbox.id)",
        details: [
          "address": inbox.address, "smtp": "\(new.smtp.endpoint) \(new.smtp.security.rawValue)",
          "imap": new.imap.map { "\($0.endpoint) \($0.security.rawValue)" } ?? "none",
          "started": Clockface.utc(new.startedAt), "adopted": "\(adopted)",
        ], afterCommit: { try secrets.adopt(new.address) })
    })

  private static let changePassword = Operation(
    id: "inbox.password", title: "Change inbox password",
    help: "Replaces the password of an inbox. The password comes with 'postroom inbox password' only.",
    target: .inbox, arguments: [.optionalReason], role: .lead, confirmation: .none,
    disabledReason: { _ in "a password must not be typed on a screen: use 'postroom inbox password'" },
    preview: { transaction, _, request in
      let inboxes = try request.inboxes(in: transaction)
      return Preview(summary: "replaces the password of \(inboxes.map(\.address).joined(separator: ", "))")
    },
    effect: { transaction, context, request in
      let inboxes = try request.inboxes(in: transaction)
      guard let secrets = context.secrets else { throw noPassword(request.targets[0].id) }
      if let other = inboxes.first(where: { !secrets.isStaged($0.address) }) { throw noPassword(other.address) }
      for inbox in inboxes { try transaction.relays.clear(Inbox.serverWithoutLogin(inbox.id)) }
      let addresses = inboxes.map(\.address)
      return Effect(
        "password of \(addresses.joined(separator: ", ")) replaced",
        subject: "inbox:" + inboxes.map { "\($0.id)" }.joined(separator: ","),
        details: ["addresses": addresses.joined(separator: ", ")], changed: inboxes.count,
        afterCommit: { for address in addresses { try secrets.adopt(address) } })
    })

  private static func noPassword(_ address: String) -> OperationRefusal {
    .notNow("no password was given for \(address); use 'postroom inbox add' or 'postroom inbox password'")
  }

  private static func newInbox(_ request: OperationRequest, _ context: OperationContext) throws -> NewInbox {
    func text(_ name: String) -> String { request.arguments[name] ?? "" }
    let address: String
    do { address = try Address(parsing: text("address")).description.lowercased() } catch {
      throw OperationRefusal.badTarget(text("address"), expected: "an address: \(error)")
    }
    let smtp = try server(text("smtp"), username: address)
    let imap = text("imap").isEmpty ? nil : try server(text("imap"), username: address)
    var start = context.now
    if !text("started").isEmpty {
      guard let day = LocalDay(text("started"), in: context.inboxes.timeZone), day.start <= context.now else {
        throw OperationRefusal.badTarget(text("started"), expected: "a day up to today, as YYYY-MM-DD")
      }
      start = day.start
    }
    return NewInbox(
      address: address, displayName: String(text("name").prefix(200)), smtp: smtp, imap: imap, startedAt: start)
  }

  /// `host:port:security`; the host may hold colons itself.
  private static func server(_ text: String, username: String) throws -> MailServer {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 3, let security = MailServer.Security(rawValue: parts[parts.count - 1]),
      let port = Int(parts[parts.count - 2]), (1...65_535).contains(port)
    else { throw OperationRefusal.badTarget(text, expected: "host:port:starttls, tls or none") }
    let host = parts.dropLast(2).joined(separator: ":")
    guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
      security != .none || Loopback.contains(host)
    else { throw OperationRefusal.badTarget(text, expected: "a host; 'none' only towards loopback") }
    return MailServer(host: host, port: port, security: security, username: username)
  }
}
