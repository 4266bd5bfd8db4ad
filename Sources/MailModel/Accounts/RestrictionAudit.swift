/// One pass over all restrictions: keep, extend or lift, one after another.
public struct RestrictionAudit: Sendable, Equatable, Identifiable {
  public var id: Int64
  public var startedAt: Timestamp
  public var startedBy: String
  public var completedAt: Timestamp?
  public var decided: Int
  public var total: Int

  public init(
    id: Int64, startedAt: Timestamp, startedBy: String, completedAt: Timestamp?, decided: Int, total: Int
  ) {
    self.id = id
    self.startedAt = startedAt
    self.startedBy = startedBy
    self.completedAt = completedAt
    self.decided = decided
    self.total = total
  }
}
