import MailFormats
import MailModel

/// One mail as fetched.
public struct FetchedMail: Sendable, Equatable {
  public var uid: UInt32
  public var flags: [String]
  /// The size of the whole mail in bytes, as the server says.
  public var size: Int
  /// Whether ``raw`` stops at the bound that was asked for.
  public var isTruncated: Bool
  public var raw: [UInt8]

  public init(uid: UInt32, flags: [String], size: Int, isTruncated: Bool, raw: [UInt8]) {
    self.uid = uid
    self.flags = flags
    self.size = size
    self.isTruncated = isTruncated
    self.raw = raw
  }
}

extension IMAPConnection {
  /// Fetches the mails with these UIDs, one command for all, without touching a flag.
  ///
  /// UIDs that do not exist, or are expunged meanwhile, are left out. Mails come in the server's order.
  ///
  /// - Parameters:
  ///   - maximumBytes: of each mail, from its start.
  ///   - each: called per mail. When it throws, the connection is closed, because the rest of the answer is on its way.
  /// - Throws: ``IMAPFailure``, or what `each` throws.
  public func fetch(
    uids: ClosedRange<UInt32>, maximumBytes: Int, each: (FetchedMail) throws -> Void
  ) throws {
    let bound = max(1, maximumBytes)
    parser.limits.literal = max(65_536, bound)
    let range = "\(max(1, uids.lowerBound)):\(max(1, uids.upperBound))"
    let command = "UID FETCH \(range) (UID FLAGS RFC822.SIZE BODY.PEEK[]<0.\(bound)>)"
    try passAnticipated()
    let tag = try begin(command)
    while let response = try nextResponse(of: tag, command) {
      guard case .fetch(let item) = response, let uid = item.uid, let raw = item.body, uids.contains(uid) else {
        continue
      }
      let size = item.size ?? raw.count
      let mail = FetchedMail(
        uid: uid, flags: item.flags ?? [], size: size, isTruncated: raw.count >= bound && size > raw.count, raw: raw)
      do { try each(mail) } catch {
        abort()
        throw error
      }
    }
  }

  /// Sets `\Seen`. The mailbox must have been opened with ``select(_:)``.
  public func addSeenFlag(_ uids: some Sequence<UInt32>) throws(IMAPFailure) {
    for set in UIDSet.commands(for: uids) { try run(Self.seen(set)) { _ in } }
  }

  /// The command that sets `\Seen` on a set of UIDs.
  static func seen(_ set: String) -> String { "UID STORE \(set) +FLAGS.SILENT (\\Seen)" }

  /// Adds a mail to a mailbox.
  public func append(_ mailbox: String, raw: [UInt8]) throws(IMAPFailure) {
    guard let name = MailboxName.quoted(mailbox) else { throw failure(.mailboxName, mailbox.debugDescription) }
    let command = "APPEND \(name) {\(raw.count)}"
    try passAnticipated()
    let tag = try begin(command)
    while let response = try nextResponse(of: tag, command) {
      if case .continuation = response {
        try write(raw)
        try write([0x0D, 0x0A])
      }
    }
  }
}

extension IMAPConnection {
  /// Sets `\Seen`, says LOGOUT in the same breath, and closes; the answer to LOGOUT is waited for two seconds at most.
  ///
  /// - Throws: ``IMAPFailure`` when a flag may not be set. The connection is closed then, too.
  public func leave(flagging uids: [UInt32]) throws(IMAPFailure) {
    defer { abort() }
    try passAnticipated()
    let commands = UIDSet.commands(for: uids).map(Self.seen)
    var stores: [(tag: String, command: String)] = []
    for command in commands { stores.append((try begin(command), command)) }
    let farewell = try begin("LOGOUT")
    for (tag, command) in stores { while try nextResponse(of: tag, command) != nil {} }
    for _ in 0..<100 {
      guard (try? nextResponse(of: farewell, "LOGOUT", within: .seconds(2))) != nil else { return }
    }
  }

  /// Says LOGOUT, waits two seconds at most for the answer, and closes.
  public func logout() {
    guard isOpen else { return }
    try? leave(flagging: [])
  }
}
