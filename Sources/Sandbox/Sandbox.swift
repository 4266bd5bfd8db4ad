internal import MailModel
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A relay and a mailbox on 127.0.0.1, with mischief: real SMTP and IMAP over TCP for rehearsals and tests.
///
/// The relay decides by the recipient's address (`SandboxBehaviour`); reports come back to the mailbox of the envelope
/// sender. Nothing leaves the machine and nothing is kept on disk. Safe to use from any thread.
public final class Sandbox: Sendable {
  private struct Running {
    var group: MultiThreadedEventLoopGroup
    var smtpPort: Int
    var imapPort: Int
  }

  /// What was taken and said.
  public let record: SandboxRecord
  private let desk: RelayDesk
  private let store: MailboxStore
  private let running = Mutex<Running?>(nil)

  /// - Parameter onLog: called with every line of the dialogue, from the sandbox's own thread; must not block.
  public init(settings: SandboxSettings = SandboxSettings(), onLog: @escaping @Sendable (String) -> Void = { _ in }) {
    desk = RelayDesk(settings: settings)
    record = SandboxRecord(observer: onLog)
    store = MailboxStore(desk: desk, startedAt: .now)
  }

  deinit { stop() }

  /// Read and changed while it runs; only the ports wait for the next start.
  public var settings: SandboxSettings { desk.settings }

  /// Changes the settings in one step.
  public func configure(_ change: (inout SandboxSettings) -> Void) { desk.change(change) }

  /// Opens both ports and returns their numbers; when it runs already, those in use.
  ///
  /// - Throws: the system's error when a port cannot be bound.
  @discardableResult
  public func start() throws -> (smtpPort: Int, imapPort: Int) {
    try running.withLock { running in
      if let running { return (running.smtpPort, running.imapPort) }
      let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
      do {
        let smtp = try listen(group, port: desk.settings.smtpPort) { [relay = relay] in SMTPConnection(relay: relay) }
        let imap = try listen(group, port: desk.settings.imapPort) { [desk, store, note = imapNote] in
          IMAPConnection(desk: desk, store: store, note: note)
        }
        running = Running(group: group, smtpPort: smtp, imapPort: imap)
        return (smtp, imap)
      } catch {
        try? group.syncShutdownGracefully()
        throw error
      }
    }
  }

  /// Closes every connection and both ports; reports underway are dropped, record and mailboxes stay. Does nothing when
  /// it is not running.
  public func stop() {
    let group = running.withLock { running in
      defer { running = nil }
      return running?.group
    }
    guard let group else { return }
    // Fails only when called on its own thread or twice; either way nothing is left to close.
    try? group.syncShutdownGracefully()
    record.forgetPromises()
  }

  /// The ports while it runs.
  public var ports: (smtpPort: Int, imapPort: Int)? {
    running.withLock { $0.map { ($0.smtpPort, $0.imapPort) } }
  }

  private var relay: Relay { Relay(desk: desk, record: record, mailboxes: store) }

  private var imapNote: @Sendable (String) -> Void {
    { [desk, record] text in record.note("imap \(text)", limit: desk.settings.keptLogLines) }
  }

  private func listen<Handler: ChannelHandler>(
    _ group: MultiThreadedEventLoopGroup, port: Int, _ handler: @escaping @Sendable () -> Handler
  ) throws -> Int {
    let channel = try ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(handler()) }
      }
      .bind(host: "127.0.0.1", port: port).wait()
    return channel.localAddress?.port ?? port
  }
}

/// The mailbox from the inside.
extension Sandbox {
  /// Puts a mail into the INBOX of the user that takes mail for `address`, as another server would.
  ///
  /// - Returns: its UID.
  @discardableResult
  public func deliver(_ bytes: [UInt8], to address: String = SandboxLogin.reports.user) -> UInt32 {
    store.deliver(bytes, for: address)
  }

  /// The mails in a user's INBOX by ascending UID: UID, flags and bytes.
  public func mails(of user: String = SandboxLogin.reports.user) -> [(uid: UInt32, flags: Set<String>, bytes: [UInt8])]
  {
    (store.change(user, "INBOX") { $0.mails } ?? []).map { ($0.uid, $0.flags, $0.bytes) }
  }

  /// UIDVALIDITY of a user's INBOX.
  public func uidValidity(of user: String = SandboxLogin.reports.user) -> UInt32 {
    store.change(user, "INBOX") { $0.uidValidity } ?? 0
  }

  /// Gives the INBOX a new UIDVALIDITY and numbers its mails from 1, as after a restore (fault 25).
  public func rebuildMailbox(of user: String = SandboxLogin.reports.user) {
    store.change(user, "INBOX") { $0.rebuild() }
    store.notify()
  }

  /// Removes one mail behind the clients' backs. Returns whether it was there.
  @discardableResult
  public func removeMail(uid: UInt32, of user: String = SandboxLogin.reports.user) -> Bool {
    let removed = store.change(user, "INBOX") { mailbox -> Bool in
      guard let place = mailbox.index(of: uid) else { return false }
      mailbox.mails[place].flags.insert("\\Deleted")
      mailbox.expunge(uids: IMAPNumberSet("\(uid)"))
      return true
    }
    store.notify()
    return removed ?? false
  }
}
