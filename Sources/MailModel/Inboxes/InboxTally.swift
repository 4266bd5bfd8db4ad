/// What happened to an inbox's mail in some length of time.
public struct InboxTally: Sendable, Equatable {
  /// Passed the last gate, less those that came back without a final dot or with a soft reply: what a limit counts.
  public var armed: Int
  /// Accepted by the server.
  public var sent: Int
  /// Refused at once, for good.
  public var refused: Int
  /// Bounced after they were accepted, proven to be ours; each message once.
  public var bounced: Int
  /// Complaints proven to be ours that were not dismissed.
  public var complained: Int
  public var replied: Int

  public init(
    armed: Int = 0, sent: Int = 0, refused: Int = 0, bounced: Int = 0, complained: Int = 0, replied: Int = 0
  ) {
    self.armed = armed
    self.sent = sent
    self.refused = refused
    self.bounced = bounced
    self.complained = complained
    self.replied = replied
  }

  /// Messages with a definite end: the base of the bounce rate.
  public var concluded: Int { sent + refused }

  public static func += (sum: inout InboxTally, part: InboxTally) {
    sum.armed += part.armed
    sum.sent += part.sent
    sum.refused += part.refused
    sum.bounced += part.bounced
    sum.complained += part.complained
    sum.replied += part.replied
  }
}
