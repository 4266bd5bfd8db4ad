/// A mail that its server lists and does not hand out: passed over, so that those behind it are read.
public struct UnreadableMail: Sendable, Equatable {
  public var location: MailboxLocation
  /// The server's last words about it: text from outside.
  public var reason: String
  public var since: Timestamp
  /// When it was asked for the last time.
  public var triedAt: Timestamp

  public init(location: MailboxLocation, reason: String, since: Timestamp, triedAt: Timestamp) {
    self.location = location
    self.reason = reason
    self.since = since
    self.triedAt = triedAt
  }
}
