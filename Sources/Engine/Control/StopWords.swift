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

  public init(_ overview: Overview, latch: LatchFile) {
    guard overview.isLatched, overview.permit?.state != .stopped else {
      reason = overview.permit?.reason ?? "the send permit cannot be read"
      (by, since) = (overview.permit?.changedBy, overview.permit?.changedAt)
      armed = overview.permit?.state == .stopped ? overview.permit?.armedAtStop : nil
      return
    }
    let note = latch.note()
    let why = note?.reason ?? ""
    reason = "the latch file \(latch.path) is there" + (why.isEmpty ? "" : ": \(why)")
    (by, since, armed) = (note?.by, latch.writtenAt(), nil)
  }

  /// `since 2026-11-21 04:05:06 by ana; 3 armed then`.
  public var facts: String {
    let moment = since.map { "since \(Clockface.text($0))" } ?? "since an unknown moment"
    return moment + (by.map { " by \($0)" } ?? "") + (armed.map { "; \($0) armed then" } ?? "")
  }
}
