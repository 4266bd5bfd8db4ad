public import MailModel
public import Storage

/// When a report mailbox was read last, and whether it could be.
public struct MailboxStanding: Sendable, Equatable {
  /// `user@host/mailbox`.
  public var name: String
  /// `nil` as long as it was never scanned.
  public var last: Mailboxes.LastScan?

  /// When the last scan failed; `nil` when it went well.
  public var failedAt: Timestamp? { last?.error == nil ? nil : last?.at }

  /// `scanned 3 min ago, 12 new`. Text from outside, as far as it quotes what the server said.
  public func words(now: Timestamp) -> String {
    guard let last else { return "never scanned" }
    if let error = last.error {
      let others = last.failingSince.flatMap { $0 < last.at ? ", as all since \(Clockface.text($0))" : nil } ?? ""
      return "scan at \(Clockface.text(last.at)) failed\(others): \(error)"
    }
    return "scanned \((now - last.at).words) ago, \(last.fetched) new"
  }

  /// - Parameter names: of the report mailboxes that are configured. - Throws: `StoreError`.
  public static func read(_ names: [String], in transaction: Transaction) throws -> [MailboxStanding] {
    try names.map { MailboxStanding(name: $0, last: try transaction.mailboxes.lastScan($0)) }
  }
}

extension Provenance {
  /// What the numbers about bounces and complaints are as fresh as.
  static func mailboxes(_ overview: Overview) -> [Provenance] {
    overview.mailboxes.map {
      Provenance(number: "report mailbox", value: $0.name, source: $0.words(now: overview.takenAt))
    }
  }
}
