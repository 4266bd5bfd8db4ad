import MailModel
import Storage

/// What the reports of one transaction add to tallies and patterns, written once at its end: a thousand bounces of one
/// domain are one row.
///
/// Lives inside one transaction on one thread.
final class IntakeAmounts {
  private var tallies: [String: Int] = [:]
  private var patterns: [BouncePatterns.Key: Int] = [:]

  func add(_ tally: String) { tallies[tally, default: 0] += 1 }

  /// A message's first bounce.
  func note(_ bounce: NewBounce) {
    add("bounced")
    if bounce.bounceClass == .block { add("blocked") }
    let values: [(BouncePattern.Dimension, String)] = [
      (.domain, Destination.domain(of: bounce.recipient)),
      (.code, bounce.status?.description ?? BouncePattern.noCode),
      (.sender, bounce.accountAddress ?? ""), (.reason, bounce.reason),
    ]
    for (dimension, value) in values where !value.isEmpty {
      patterns[BouncePatterns.Key(dimension: dimension, value: value, bounceClass: bounce.bounceClass), default: 0] += 1
    }
  }

  func write(at now: Timestamp, in transaction: Transaction) throws {
    for (name, count) in tallies { try transaction.tallies.add(name, count: count, at: now) }
    try transaction.bouncePatterns.add(patterns, at: now)
    tallies = [:]
    patterns = [:]
  }
}
