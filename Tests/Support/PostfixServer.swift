import Foundation

/// A real Postfix on a loopback port with its own configuration and queue in a temporary folder.
///
/// It delivers mail of its domains into the Maildirs of a ``DovecotServer``, `user+anything@` included. A recipient
/// unknown there is accepted and bounced to the envelope sender. Nothing leaves the machine.
public final class PostfixServer: Sendable {
  public let folder: TemporaryFolder
  public let port: Int
  /// The authority that signed its certificate (the one of the Dovecot server).
  public let authority: TestAuthority
  private let configuration: String
  private let cleanup: Int

  /// - Parameters:
  ///   - dovecot: keeps the mailboxes and checks passwords.
  ///   - users: full addresses that have a mailbox; their domains are the ones it takes mail for.
  ///   - requiresLogin: STARTTLS and AUTH before MAIL. Otherwise loopback may send in the clear.
  ///   - settings: further lines for `main.cf`.
  public init(dovecot: DovecotServer, users: [String], requiresLogin: Bool = false, settings: String = "") throws {
    folder = try TemporaryFolder()
    port = try TestEnvironment.freePort()
    authority = dovecot.authority
    configuration = try folder.folder("etc")
    try folder.folder("queue")
    try folder.folder("data", owner: "postfix")
    let maps = users.map { "\($0) \(Self.maildir(of: $0))" }.sorted().joined(separator: "\n")
    try folder.write("etc/users", maps + "\n")
    let domains = Set(users.compactMap { $0.split(separator: "@").last.map(String.init) }).sorted()
    let access = requiresLogin ? "permit_sasl_authenticated, reject" : "permit_mynetworks, reject"
    try folder.write(
      "etc/main.cf",
      Self.main(folder.path, dovecot, domains: domains, access: access, login: requiresLogin) + settings + "\n")
    try folder.write("etc/master.cf", Self.master(port: port))
    let directory = configuration
    try Command.run("/usr/sbin/postfix", "-c", directory, "start")
    cleanup = Cleanup.add { _ = try? Command.run("/usr/sbin/postfix", "-c", directory, "stop") }
  }

  deinit { stop() }

  public func stop() { Cleanup.run(cleanup) }

  public var log: String { (try? String(contentsOfFile: "\(folder.path)/maillog", encoding: .utf8)) ?? "" }

  /// The number of messages in its queue.
  public var queueLength: Int {
    let listing = (try? Command.run("/usr/sbin/postqueue", "-c", configuration, "-j")) ?? ""
    return listing.split(separator: "\n").count { $0.hasPrefix("{") }
  }

  private static func maildir(of user: String) -> String {
    let parts = user.split(separator: "@")
    return "\(parts.last ?? "")/\(parts.first ?? "")/"
  }

  private static func main(
    _ base: String, _ dovecot: DovecotServer, domains: [String], access: String, login: Bool
  ) -> String {
    """
    compatibility_level = 3.6
    myhostname = relay.test
    mydestination =
    mynetworks = 127.0.0.0/8
    inet_interfaces = loopback-only
    inet_protocols = ipv4
    queue_directory = \(base)/queue
    data_directory = \(base)/data
    maillog_file = \(base)/maillog
    maillog_file_prefixes = \(base)
    default_transport = error:5.1.2 this relay delivers only to itself
    virtual_mailbox_domains = \(domains.joined(separator: ", "))
    virtual_mailbox_base = \(dovecot.mailFolder)
    virtual_mailbox_maps = texthash:\(base)/etc/users
    virtual_uid_maps = static:65534
    virtual_gid_maps = static:65534
    recipient_delimiter = +
    smtpd_reject_unlisted_recipient = no
    smtpd_relay_restrictions = \(access)
    smtpd_recipient_restrictions =
    smtpd_client_connection_count_limit = 0
    smtpd_tls_security_level = \(login ? "encrypt" : "may")
    smtpd_tls_cert_file = \(dovecot.authority.certificateFile)
    smtpd_tls_key_file = \(dovecot.authority.keyFile)
    smtpd_sasl_auth_enable = yes
    smtpd_sasl_type = dovecot
    smtpd_sasl_path = \(dovecot.authSocket)
    smtpd_tls_auth_only = yes
    notify_classes =

    """
  }

  /// The services of a stock `master.cf`, none of them in a chroot.
  private static func master(port: Int) -> String {
    """
    127.0.0.1:\(port) inet n - n - - smtpd
    pickup    unix  n - n 60    1 pickup
    cleanup   unix  n - n -     0 cleanup
    qmgr      unix  n - n 300   1 qmgr
    tlsmgr    unix  - - n 1000? 1 tlsmgr
    rewrite   unix  - - n -     - trivial-rewrite
    bounce    unix  - - n -     0 bounce
    defer     unix  - - n -     0 bounce
    trace     unix  - - n -     0 bounce
    verify    unix  - - n -     1 verify
    flush     unix  n - n 1000? 0 flush
    proxymap  unix  - - n -     - proxymap
    proxywrite unix - - n -     1 proxymap
    showq     unix  n - n -     - showq
    error     unix  - - n -     - error
    retry     unix  - - n -     - error
    discard   unix  - - n -     - discard
    virtual   unix  - n n -     - virtual
    anvil     unix  - - n -     1 anvil
    scache    unix  - - n -     1 scache
    postlog   unix-dgram n - n - 1 postlogd

    """
  }
}
