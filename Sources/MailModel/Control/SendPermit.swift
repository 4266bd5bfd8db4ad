/// The one row that allows sending (DESIGN §5). Whatever cannot be read as `.ramping` or `.open` means stopped.
public struct SendPermit: Sendable, Equatable {
  public enum State: String, Sendable, CaseIterable, Codable {
    /// The emergency stop is latched.
    case stopped
    /// Reset, not resumed: still nothing is sent.
    case ready
    /// Resumed, on a rung of the ladder.
    case ramping
    /// Sending under the normal limits.
    case open
  }

  public var state: State
  /// Grows with every change; a change against an older generation is refused.
  public var generation: Int64
  public var changedAt: Timestamp
  public var changedBy: String
  public var reason: String
  /// Messages armed when the stop was committed.
  public var armedAtStop: Int
  /// Index into `ResumeLadder.rungs` while ramping.
  public var rung: Int
  /// Definite replies since this rung was entered.
  public var acceptedOnRung: Int
  public var refusedOnRung: Int
  /// The last 2xx to a final dot in this workspace: the proof that nothing leaves any more.
  public var lastAcceptedAt: Timestamp?

  public init(
    state: State, generation: Int64, changedAt: Timestamp, changedBy: String, reason: String, armedAtStop: Int = 0,
    rung: Int = 0, acceptedOnRung: Int = 0, refusedOnRung: Int = 0, lastAcceptedAt: Timestamp? = nil
  ) {
    self.state = state
    self.generation = generation
    self.changedAt = changedAt
    self.changedBy = changedBy
    self.reason = reason
    self.armedAtStop = armedAtStop
    self.rung = rung
    self.acceptedOnRung = acceptedOnRung
    self.refusedOnRung = refusedOnRung
    self.lastAcceptedAt = lastAcceptedAt
  }

  public var allowsSending: Bool { state == .ramping || state == .open }
}
