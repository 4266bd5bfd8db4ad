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

  /// A proven bounce or delay.
  func note(_ kind: ReportKind, _ reported: ReportedRecipient, about message: Message) {
    guard kind == .bounce else { return add("delayed") }
    add("bounced")
    let values: [(BouncePattern.Dimension, String)] = [
      (.domain, Destination.domain(of: message.recipient)),
      (.code, reported.status?.description ?? BouncePattern.noCode),
      (.sender, message.accountAddress), (.reason, reported.reason),
    ]
    for (dimension, value) in values where !value.isEmpty {
      let key = BouncePatterns.Key(
        dimension: dimension, value: value, bounceClass: reported.bounceClass ?? .unknown)
      patterns[key, default: 0] += 1
    }
  }

  func write(at now: Timestamp, in transaction: Transaction) throws {
    for (name, count) in tallies { try transaction.tallies.add(name, count: count, at: now) }
    try transaction.bouncePatterns.add(patterns, at: now)
    tallies = [:]
    patterns = [:]
  }
}
