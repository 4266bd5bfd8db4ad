import Foundation
import MailModel
import TestSupport
import Transport

/// A Dovecot with a few users, and settings to reach it.
enum MailServers {
  static let users = ["sender@ours.test": "secret-1", "reader@ours.test": "secret-2", "spare@ours.test": "secret-3"]

  static func imap(
    _ server: DovecotServer, user: String = "reader@ours.test", password: String? = nil,
    security: MailServer.Security = .tls, caFile: String? = nil
  ) -> IMAPSettings {
    IMAPSettings(
      host: "localhost", port: security == .tls ? server.imapsPort : server.imapPort, security: security,
      username: user, password: Secret(password ?? users[user] ?? ""), caFile: caFile ?? server.authority.caFile)
  }

  static func open(_ server: DovecotServer, user: String = "reader@ours.test") throws -> IMAPConnection {
    let connection = IMAPConnection(imap(server, user: user))
    try connection.open()
    return connection
  }

  /// Everything in a mailbox, read without touching a flag.
  static func mails(_ server: DovecotServer, user: String) throws -> [FetchedMail] {
    let connection = try open(server, user: user)
    defer { connection.logout() }
    let status = try connection.examine("INBOX")
    guard status.exists > 0 else { return [] }
    return try connection.mails(1...max(1, (status.uidNext ?? 2) - 1), maximumBytes: 1 << 20)
  }
}

extension FetchedMail {
  var text: String { String(decoding: raw, as: UTF8.self) }
}
