import Foundation

/// A real Dovecot on loopback ports with its own configuration, mailboxes and users in a temporary folder.
public final class DovecotServer: Sendable {
  public let folder: TemporaryFolder
  public let authority: TestAuthority
  /// STARTTLS offered; plain text works too because the peer is loopback.
  public let imapPort: Int
  /// TLS from the first byte.
  public let imapsPort: Int
  /// A UNIX socket that speaks Dovecot's SASL protocol, for Postfix.
  public let authSocket: String
  /// Below it lies `domain/user/` as a Maildir per user.
  public let mailFolder: String
  private let cleanup: Int

  /// - Parameter users: full addresses and their passwords.
  public init(users: [String: String]) throws {
    folder = try TemporaryFolder()
    authority = try TestAuthority(in: folder)
    imapPort = try TestEnvironment.freePort()
    imapsPort = try TestEnvironment.freePort()
    authSocket = "\(folder.path)/auth"
    mailFolder = try folder.folder("mail", owner: "nobody:nogroup")
    let list = users.map { "\($0.key):{PLAIN}\($0.value)" }.sorted().joined(separator: "\n")
    try folder.write("users", list + "\n")
    let configuration = try folder.write(
      "dovecot.conf",
      Self.configuration(folder.path, mailFolder, authority, ports: (imapPort, imapsPort), authSocket))
    try Command.run("/usr/sbin/dovecot", "-c", configuration)
    cleanup = Cleanup.add { _ = try? Command.run("/usr/bin/doveadm", "-c", configuration, "stop") }
  }

  deinit { stop() }

  public func stop() { Cleanup.run(cleanup) }

  public var log: String { (try? String(contentsOfFile: "\(folder.path)/dovecot.log", encoding: .utf8)) ?? "" }

  /// The first lines of the mails that are flagged `\Seen` in a user's INBOX, by the names of their files.
  public func seen(by user: String) throws -> [String] {
    let parts = user.split(separator: "@")
    let folder = "\(mailFolder)/\(parts.last ?? "")/\(parts.first ?? "")/cur"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return try names.filter { $0.split(separator: ",").last?.contains("S") == true && $0.contains(":2,") }.map { name in
      let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
      return text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }
  }

  private static func configuration(
    _ base: String, _ mail: String, _ authority: TestAuthority, ports: (imap: Int, imaps: Int), _ authSocket: String
  ) -> String {
    """
    base_dir = \(base)/run
    state_dir = \(base)/state
    log_path = \(base)/dovecot.log
    protocols = imap
    listen = 127.0.0.1
    ssl = yes
    ssl_cert = <\(authority.certificateFile)
    ssl_key = <\(authority.keyFile)
    auth_mechanisms = plain login
    auth_failure_delay = 0
    mail_location = maildir:\(mail)/%d/%n
    first_valid_uid = 1
    mail_max_userip_connections = 100
    passdb {
      driver = passwd-file
      args = scheme=PLAIN username_format=%u \(base)/users
    }
    userdb {
      driver = static
      args = uid=nobody gid=nogroup home=\(mail)/%d/%n
    }
    service imap-login {
      chroot =
      inet_listener imap {
        port = \(ports.imap)
      }
      inet_listener imaps {
        port = \(ports.imaps)
        ssl = yes
      }
    }
    service auth {
      unix_listener \(authSocket) {
        mode = 0666
      }
    }

    """
  }
}
