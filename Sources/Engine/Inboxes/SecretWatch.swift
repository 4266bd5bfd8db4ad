import MailModel
import MailPolicy
import Storage

/// Notices that a password that could not be read can be read again. The next message to go out would notice it too, but it
/// may be long in coming, and the inbox would be told as failing until then.
struct SecretWatch: Sendable {
  let store: Store
  let secrets: SecretFolder

  /// - Throws: `StoreError`.
  func run(now: Timestamp) throws {
    let unread = try store.read { try failures(now: now, in: $0) }
    let mended = unread.filter { (try? secrets.read($0.address)) != nil }
    guard !mended.isEmpty else { return }
    try store.write { transaction in
      let still = Set(try failures(now: now, in: transaction).map(\.server))
      for failure in mended where still.contains(failure.server) { try transaction.relays.clear(failure.server) }
    }
  }

  /// Inboxes whose last failure was that of their password's file.
  private func failures(now: Timestamp, in transaction: Transaction) throws -> [(address: String, server: String)] {
    let failing = Set(try transaction.relays.failing(1, since: now - AlertThresholds.relayFailureAge))
    guard !failing.isEmpty else { return [] }
    return try transaction.inboxes.all().compactMap { inbox in
      let server = Inbox.serverWithoutLogin(inbox.id)
      guard failing.contains(server), let reason = try transaction.relays.get(server)?.reason,
        secrets.isProblem(reason, with: inbox.address)
      else { return nil }
      return (inbox.address, server)
    }
  }
}
