import MailFormats
import MailModel

/// What a server says about a mailbox when it is opened.
public struct MailboxStatus: Sendable, Equatable {
  /// Changes when the UIDs known so far no longer mean anything.
  public var uidValidity: UInt32
  /// The UID the next arriving mail will get, or one below it; `nil` when the server does not say.
  public var uidNext: UInt32?
  public var exists: Int
  /// Whether `\Seen` cannot be set for good: the mailbox is opened read-only (RFC 3501 §7.1), or keeps no such flag.
  public var isReadOnly: Bool

  public init(uidValidity: UInt32, uidNext: UInt32?, exists: Int, isReadOnly: Bool = false) {
    self.uidValidity = uidValidity
    self.uidNext = uidNext
    self.exists = exists
    self.isReadOnly = isReadOnly
  }
}

extension IMAPConnection {
  /// As ``open()``, and opens a mailbox for reading only, in one breath with the login. Where that goes wrong nothing else
  /// is tried: for what nothing depends on.
  public func open(examining mailbox: String) throws(IMAPFailure) -> MailboxStatus {
    try openInOneBreath(Entrance(mailbox: mailbox, verb: "EXAMINE"))
  }

  /// As ``open()``, and opens a mailbox for reading and for setting flags, in one breath with the login.
  ///
  /// - Parameter anticipated: asked for along with the opening, before the server has said what is in the mailbox: a round
  ///   trip less for the next ``fetch(maximumBytes:_:)`` that begins with these UIDs. Anything else passes it over.
  public func open(
    selecting mailbox: String, anticipating anticipated: FetchWindow? = nil
  ) throws(IMAPFailure) -> MailboxStatus {
    try open(Entrance(mailbox: mailbox, verb: "SELECT", anticipated: anticipated))
  }

  /// Opens a mailbox for reading only: no flag changes.
  public func examine(_ mailbox: String) throws(IMAPFailure) -> MailboxStatus {
    try enter(Entrance(mailbox: mailbox, verb: "EXAMINE"))
  }

  /// A mailbox to be opened, and how.
  private struct Entrance {
    var mailbox: String
    var verb: String
    var anticipated: FetchWindow?
  }

  private func open(_ entrance: Entrance) throws(IMAPFailure) -> MailboxStatus {
    do throws(IMAPFailure) { return try openInOneBreath(entrance) } catch {
      // Some servers, and proxies before them, lose what comes along with a login, or do not like it.
      switch error.kind {
      case .connection(.dialogue), .closed, .timeout, .protocolViolation: try open()
      case .refused: break
      case .connection, .mailboxName, .interrupted: throw error
      }
      return try enter(entrance)
    }
  }

  private func openInOneBreath(_ entrance: Entrance) throws(IMAPFailure) -> MailboxStatus {
    let command = try command(for: entrance)
    let end = endOfLogin
    let login = try login(by: try connect(until: end))
    guard case .command(let said) = login else {
      try perform(login, until: end)
      return try enter(entrance)
    }
    let tags = (login: nextTag(), entrance: nextTag())
    var text = "\(tags.login) \(said)\r\n\(tags.entrance) \(command)\r\n"
    if let fetch = entrance.anticipated {
      let tag = nextTag()
      text += "\(tag) \(fetch.command)\r\n"
      expect(fetch)
      anticipated = (fetch, tag)
    }
    try write(Array(text.utf8))
    try finish(PendingLogin(tag: tags.login, end: end))
    return try readStatus(of: tags.entrance, command, within: min(pipelinePatience, settings.commandTimeout))
  }

  private func enter(_ entrance: Entrance) throws(IMAPFailure) -> MailboxStatus {
    let command = try command(for: entrance)
    try passAnticipated()
    return try readStatus(of: try begin(command, anticipating: entrance.anticipated), command)
  }

  private func command(for entrance: Entrance) throws(IMAPFailure) -> String {
    guard let name = MailboxName.quoted(entrance.mailbox) else {
      throw failure(.mailboxName, entrance.mailbox.debugDescription)
    }
    return "\(entrance.verb) \(name)"
  }

  private func begin(_ command: String, anticipating fetch: FetchWindow?) throws(IMAPFailure) -> String {
    let tag = try begin(command)
    if let fetch { anticipated = (fetch, try begin(fetch)) }
    return tag
  }

  /// - Parameter limit: for each response.
  private func readStatus(
    of tag: String, _ command: String, within limit: Span? = nil
  ) throws(IMAPFailure) -> MailboxStatus {
    var validity: UInt32?
    var status = MailboxStatus(uidValidity: 0, uidNext: nil, exists: 0)
    let end = endOfProgress
    while let response = try nextResponse(of: tag, command, within: limit, until: end) {
      switch response {
      case .number(let count, "EXISTS"): status.exists = Int(count)
      case .untagged(let line):
        validity = line.number("UIDVALIDITY") ?? validity
        status.uidNext = line.number("UIDNEXT") ?? status.uidNext
        if let flags = line.code?.lowercased(), flags.hasPrefix("permanentflags"), !flags.contains("\\seen") {
          status.isReadOnly = true
        }
      default: break
      }
    }
    guard let validity else { throw close(failure(.protocolViolation, "no UIDVALIDITY for \(command)")) }
    status.uidValidity = validity
    if answer?.code?.uppercased() == "READ-ONLY" { status.isReadOnly = true }
    return status
  }
}
