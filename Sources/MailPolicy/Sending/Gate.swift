public import MailModel

/// May anything be sent now? A permit that is absent, for whatever reason, means no (DESIGN §2.4).
public enum Gate {
  public enum Verdict: Sendable, Equatable {
    /// At most this many may be armed now; `nil` for no limit.
    case open(allowance: Int?)
    case closed(reason: String)
  }

  /// - Parameters:
  ///   - permit: the row read inside the transaction, or `nil` when it could not be read.
  ///   - latched: whether the latch file exists or could not be looked for.
  public static func verdict(permit: SendPermit?, latched: Bool, armed: Int, ladder: ResumeLadder) -> Verdict {
    if latched { return .closed(reason: "emergency stop: the latch file is there") }
    guard let permit else { return .closed(reason: "the send permit could not be read") }
    switch permit.state {
    case .stopped: return .closed(reason: "emergency stop by \(permit.changedBy): \(permit.reason)")
    case .ready: return .closed(reason: "reset, not resumed")
    case .ramping, .open: return .open(allowance: ladder.allowance(permit, armed: armed))
    }
  }
}
