import MailModel

extension IMAPConnection {
  /// Sets `\Seen`. The mailbox must have been opened with ``open(selecting:anticipating:)``.
  public func addSeenFlag(_ uids: some Sequence<UInt32>) throws(IMAPFailure) {
    for set in UIDSet.commands(for: uids) { try run(Self.seen(set)) }
  }

  /// The command that sets `\Seen` on a set of UIDs.
  static func seen(_ set: String) -> String { "UID STORE \(set) +FLAGS.SILENT (\\Seen)" }

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
    let end = endOfProgress
    for (tag, command) in stores { while try nextResponse(of: tag, command, until: end) != nil {} }
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
