import Foundation
import MailFormats
import MailModel
import Storage

/// Which of our relays wrote a log: a queue id names a message only in the relay that gave it.
struct RelayLogSource {
  /// Attempts read in one transaction when queue ids are caught up with.
  private static let step = 2_000
  /// Clocks of two machines differ by as much; and no relay keeps a message longer than that.
  static let skew = Span.minutes(10)
  private static let longest = Span.days(10)

  /// Said by whoever imports.
  let given: String?
  /// The name of this machine, for relays on loopback.
  let ownName: String
  /// By the machine that wrote a log, what is known of it.
  private var known: [String: Set<String>] = [:]

  init(given: String?, ownName: String) {
    self.given = given.flatMap { $0.isEmpty ? nil : $0.lowercased() }
    self.ownName = ownName
  }

  /// Reads the queue ids of all replies that came since the last time.
  static func catchUp(_ store: Store, now: Timestamp) throws {
    guard try store.read({ try $0.replyQueue.isBehind() }) else { return }
    while try store.write({ try $0.replyQueue.catchUp(limit: step, now: now, queueID: QueuedReply.queueID) }) {}
  }

  /// The message that this relay took under a queue id, by the relay's own reply; the latest before the line.
  mutating func message(
    _ line: PostfixLogLine, at moment: Timestamp, in transaction: Transaction
  ) throws -> Message.ID? {
    let entries = try transaction.replyQueue.entries(queueID: line.queueID)
    guard !entries.isEmpty else { return nil }
    let fitting = try entries.filter { entry in
      let isInTime = entry.repliedAt <= moment + Self.skew && moment <= entry.repliedAt + Self.longest
      return try isInTime && isLog(of: entry.relay, by: line.host, transaction)
    }
    return fitting.first?.message
  }

  /// A Message-ID and a reply agree about a queue id: this machine's log is that relay's.
  mutating func learn(_ line: PostfixLogLine, message: Message.ID, in transaction: Transaction) throws {
    for entry in try transaction.replyQueue.entries(queueID: line.queueID) where entry.message == message {
      known[line.host, default: []].insert(entry.relay)
    }
  }

  private mutating func isLog(of relay: String, by host: String, _ transaction: Transaction) throws -> Bool {
    if let given { return relay.lowercased() == given }
    let name = Self.firstLabel(relay.lowercased().split(separator: ":").first ?? "")
    let isHere = Loopback.contains(String(relay.prefix { $0 != ":" }).lowercased())
    if Self.firstLabel(host[...]) == (isHere ? Self.firstLabel(ownName.lowercased()[...]) : name) { return true }
    if known[host] == nil { known[host] = try transaction.replyQueue.relays(ofLogsBy: host) }
    return known[host]?.contains(relay) ?? false
  }

  /// `mx1` of `mx1.example.org`; an address as it is.
  private static func firstLabel(_ name: Substring) -> Substring {
    name.first?.isNumber ?? true ? name : name.prefix { $0 != "." }
  }
}
