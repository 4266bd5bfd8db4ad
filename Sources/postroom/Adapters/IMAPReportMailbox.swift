import Engine
import MailModel
import Transport

/// A report mailbox of the configuration, as the engine sees it.
struct IMAPReportMailbox: ReportMailbox {
  /// A report is read no further than this; what is cut is still classified by its beginning.
  static let maximumBytes = 4 << 20
  /// A second connection that is silent for longer is given up: the first one reads what it has left.
  static let patienceOfSecond = Span.seconds(10)

  let name: String
  let settings: IMAPSettings
  let mailbox: String
  var isPersonal = false
  private let interrupter = Interrupter()

  /// Those of the configuration, and those of inboxes.
  static func all(_ open: OpenWorkspace) throws -> [any ReportMailbox] {
    all(open.workspace.configuration) + (try inboxes(open))
  }

  /// Those of inboxes, as they are now.
  static func inboxes(_ open: OpenWorkspace) throws -> [any ReportMailbox] {
    try open.inboxesToRead().map { inbox in
      let name = inbox.mailboxName ?? inbox.address
      do {
        let login = try open.inboxLogin(inbox.address)
        guard let settings = IMAPSettings(login, caFile: open.workspace.configuration.caFile) else {
          return UnreadableMailbox(name: name, reason: "it has no IMAP server")
        }
        return IMAPReportMailbox(name: name, settings: settings)
      } catch { return UnreadableMailbox(name: name, reason: "\(error)") }
    }
  }

  private init(name: String, settings: IMAPSettings) {
    self.name = name
    self.settings = settings
    mailbox = "INBOX"
    isPersonal = true
  }

  /// All mailboxes of the configuration.
  static func all(_ configuration: Configuration) -> [IMAPReportMailbox] {
    configuration.mailboxes.map { IMAPReportMailbox($0, caFile: configuration.caFile) }
  }

  init(_ mailbox: Configuration.Mailbox, caFile: String) {
    name = mailbox.name
    self.mailbox = mailbox.mailbox
    settings = IMAPSettings(
      host: mailbox.host, port: mailbox.port, security: mailbox.security,
      username: mailbox.username, password: mailbox.password,
      caFile: caFile.isEmpty ? nil : caFile)
  }

  func open(anticipating uids: ClosedRange<UInt32>?) throws -> any ReportMailboxSession {
    let fetch = uids.map { FetchWindow(uids: $0, maximumBytes: IMAPReportMailbox.maximumBytes) }
    return try open(settings) { (connection) throws(IMAPFailure) in
      try connection.open(selecting: mailbox, anticipating: fetch)
    }
  }

  func openForReading() throws -> any ReportMailboxSession {
    var settings = settings
    settings.connectTimeout = min(settings.connectTimeout, IMAPReportMailbox.patienceOfSecond)
    settings.commandTimeout = min(settings.commandTimeout, IMAPReportMailbox.patienceOfSecond)
    return try open(settings) { (connection) throws(IMAPFailure) in try connection.open(examining: mailbox) }
  }

  func interrupt() { interrupter.interrupt() }

  private func open(
    _ settings: IMAPSettings, _ enter: (IMAPConnection) throws(IMAPFailure) -> MailboxStatus
  ) throws -> IMAPReportSession {
    let connection = IMAPConnection(settings, interrupter: interrupter)
    do { return IMAPReportSession(connection: connection, status: try enter(connection)) } catch {
      throw MailboxUnavailable(reason: "\(error)")
    }
  }
}

/// A mailbox whose login is not known.
struct UnreadableMailbox: ReportMailbox {
  var name: String
  var reason: String

  func open(anticipating uids: ClosedRange<UInt32>?) throws -> any ReportMailboxSession { try openForReading() }
  func openForReading() throws -> any ReportMailboxSession { throw MailboxUnavailable(reason: reason) }
}

/// One open mailbox. Selected, so that flags can be set, unless it was opened for reading; fetching peeks and sets none.
final class IMAPReportSession: ReportMailboxSession {
  private let connection: IMAPConnection
  private let status: MailboxStatus

  init(connection: IMAPConnection, status: MailboxStatus) {
    self.connection = connection
    self.status = status
  }

  var uidValidity: UInt32 { status.uidValidity }
  var uidNext: UInt32? { status.uidNext }
  var isReadOnly: Bool { status.isReadOnly }

  func firstUID(since day: Timestamp) throws -> UInt32? {
    do { return try connection.firstUID(since: day) } catch { throw MailboxUnavailable(reason: error.description) }
  }

  func markSeen(_ uids: [UInt32]) throws {
    do { try connection.addSeenFlag(uids) } catch { throw MailboxUnavailable(reason: error.description) }
  }

  func fetchWindows(_ next: @escaping () -> ClosedRange<UInt32>?, _ steps: WindowSteps) throws {
    do {
      try connection.fetch(
        maximumBytes: IMAPReportMailbox.maximumBytes,
        FetchSteps(
          next: next, each: { try steps.each(FetchedReport(uid: $0.uid, raw: $0.raw)) }, ended: steps.ended,
          flagged: steps.flagged))
    } catch let failure as IMAPFailure {
      throw MailboxUnavailable(reason: failure.description)
    }
  }

  func close(flagging uids: [UInt32]) throws {
    do { try connection.leave(flagging: uids) } catch { throw MailboxUnavailable(reason: error.description) }
  }

  func close() { connection.logout() }
}
