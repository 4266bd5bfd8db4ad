/// How far a range of UIDs was read without a gap, when its windows end in any order.
struct ReadPrefix: Sendable {
  private var next: UInt32?
  private var ended: [UInt32: UInt32] = [:]
  /// Up to here nothing is missing; `nil` before anything was read.
  private(set) var reached: UInt32?

  init(from first: UInt32) { next = first }

  /// - Returns: up to here nothing is missing any more; `nil` while an earlier window is on its way.
  mutating func end(_ window: ClosedRange<UInt32>) -> UInt32? {
    ended[window.lowerBound] = window.upperBound
    var news: UInt32?
    while let first = next, let last = ended.removeValue(forKey: first) {
      news = last
      next = last < .max ? last + 1 : nil
    }
    reached = news ?? reached
    return news
  }
}
