public import MailModel

/// Why sending is as it is, since when and by whom: from the permit row, or from the latch file while no row says that
/// sending is stopped (the store was locked, the configuration unreadable, or somebody used `touch`).
public struct StopWords: Sendable, Equatable {
  /// Text from outside where the latch file has it.
  public var reason: String
  public var by: String?
  public var since: Timestamp?
  /// Messages that were armed then; `nil` where only the latch file speaks.
  public var armed: Int?

  /// - Parameter permit: `nil` when the row cannot be read.
  public init(_ permit: SendPermit?, isLatched: Bool, latch: LatchFile) {
    guard isLatched, permit?.state != .stopped else {
      reason = permit?.reason ?? "the send permit cannot be read"
      (by, since) = (permit?.changedBy, permit?.changedAt)
      armed = permit?.state == .stopped ? permit?.armedAtStop : nil
      return
    }
    let note = latch.note()
    let why = note?.reason ?? ""
    let fact = "the latch file \(latch.path) is there"
    // Why comes first: a long path must not push it off the banner's line.
    reason = why.isEmpty ? fact : "\(why) (\(fact))"
    (by, since, armed) = (note?.by, latch.writtenAt(), nil)
  }

  /// `since 2026-11-21 04:05:06 by ana; 3 armed then`.
  public var facts: String {
    let moment = since.map { "since \(Clockface.text($0))" } ?? "since an unknown moment"
    return moment + (by.map { " by \($0)" } ?? "") + (armed.map { "; \($0) armed then" } ?? "")
  }
}
