public import MailModel
public import Storage

/// When a report mailbox was read last, and whether it could be.
public struct MailboxStanding: Sendable, Equatable {
  /// `user@host/mailbox`.
  public var name: String
  /// `nil` as long as it was never scanned.
  public var last: Mailboxes.LastScan?
  /// Mails that were passed over, at most 1,000.
  public var unreadable: [UnreadableMail]

  /// When the last scan failed; `nil` when it went well.
  public var failedAt: Timestamp? { last?.error == nil ? nil : last?.at }

  /// `scanned 3 min ago, 12 new`. Text from outside, as far as it quotes what the server said.
  public func words(now: Timestamp) -> String {
    guard let last else { return "never scanned" }
    if let error = last.error {
      let others = last.failingSince.flatMap { $0 < last.at ? ", as all since \(Clockface.text($0))" : nil } ?? ""
      return "scan at \(Clockface.text(last.at)) failed\(others): \(error)" + unreadableWords
    }
    return "scanned \((now - last.at).words) ago, \(last.fetched) new" + unreadableWords
  }

  /// `; 2 mails unreadable, UID 17 since 09:30: …`.
  private var unreadableWords: String {
    guard let mail = unreadable.first else { return "" }
    return "; \(Amount.words(unreadable.count, "mail")) unreadable, UID \(mail.location.uid) since "
      + "\(Clockface.text(mail.since)): \(mail.reason)"
  }

  static func read(_ name: String, in transaction: Transaction) throws -> MailboxStanding {
    MailboxStanding(
      name: name, last: try transaction.mailboxes.lastScan(name),
      unreadable: try transaction.unreadableMails.all(of: name))
  }

  /// Those that are configured, and those of inboxes that cannot be read now, or not wholly.
  /// - Parameter names: of the report mailboxes that are configured. - Throws: `StoreError`.
  static func read(_ names: [String], in transaction: Transaction) throws -> [MailboxStanding] {
    try (names + troubledInboxes(besides: names, in: transaction)).map { try read($0, in: transaction) }
  }

  private static func troubledInboxes(besides names: [String], in transaction: Transaction) throws -> [String] {
    let troubled = try transaction.mailboxes.troubled().filter { !names.contains($0) }
    guard !troubled.isEmpty else { return [] }
    let known = Set(try transaction.inboxes.all().compactMap(\.mailboxName))
    return troubled.filter(known.contains)
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
