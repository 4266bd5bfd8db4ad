import MailFormats
import MailModel

/// Mails by UID, and how much of each: what a reader of many mails asks for, a window at a time.
public struct FetchWindow: Sendable, Equatable {
  public var uids: ClosedRange<UInt32>
  /// Of each mail, from its start.
  public var maximumBytes: Int

  public init(uids: ClosedRange<UInt32>, maximumBytes: Int) {
    self.uids = uids
    self.maximumBytes = maximumBytes
  }

  var command: String {
    "UID FETCH \(max(1, uids.lowerBound)):\(max(1, uids.upperBound)) (UID BODY.PEEK[]<0.\(max(1, maximumBytes))>)"
  }

  /// Whether its answer holds all that `other` asks for, from the same beginning.
  func covers(_ other: FetchWindow) -> Bool {
    maximumBytes == other.maximumBytes && uids.lowerBound == other.uids.lowerBound
      && uids.upperBound >= other.uids.upperBound
  }
}

/// A fetch on its way before anybody knows what the mailbox holds (RFC 3501 §5.5: a client need not wait for the end of
/// SELECT, because a server must not begin before it).
extension IMAPConnection {
  func begin(_ fetch: FetchWindow) throws(IMAPFailure) -> String {
    parser.limits.literal = max(65_536, fetch.maximumBytes)
    return try begin(fetch.command)
  }

  /// - Returns: the tag of the command that is on its way for this; `nil` when none is.
  func takeAnticipated(_ wanted: FetchWindow) throws(IMAPFailure) -> String? {
    guard let (fetch, tag) = anticipated, fetch.covers(wanted) else {
      try passAnticipated()
      return nil
    }
    anticipated = nil
    return tag
  }

  /// Reads past the answer of what was asked for in vain: before any other command is said, since its end could not be
  /// told from theirs.
  func passAnticipated() throws(IMAPFailure) {
    guard let (_, tag) = anticipated else { return }
    anticipated = nil
    while true {
      switch try readResponse(within: nil) {
      case .tagged(let other, _) where other == tag: return
      case .tagged(let other, _):
        throw close(failure(.protocolViolation, "an answer to \(other.debugDescription), which nobody asked"))
      case .untagged(let status) where status.condition == .bye:
        throw close(failure(.closed, "BYE \(status.text)"))
      default: continue
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
    let commands = UIDSet.commands(for: uids).map { "UID STORE \($0) +FLAGS.SILENT (\\Seen)" }
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
