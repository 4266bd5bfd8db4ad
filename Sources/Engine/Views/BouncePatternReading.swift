public import MailModel
import Storage

extension OpenWorkspace {
  /// What bounced most within a window before now, most first: from tallies kept as bounces come.
  /// - Throws: `StoreError`.
  public func bouncePatterns(
    _ dimension: BouncePattern.Dimension, window: Span, limit: Int
  ) throws -> [BouncePattern] {
    try store.read { try $0.bouncePatterns.top(dimension, since: clock.now() - window, limit: limit) }
  }
}
