import Foundation
import GRDB
import MailModel

@testable import Storage

/// A store in a folder of its own, removed afterwards.
final class TemporaryStore {
  let folder: URL
  let store: Store
  let now = Timestamp(seconds: 1_700_000_000)

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "postroom-storage-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    store = try Store(path: folder.appending(path: "store.sqlite").path, create: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// A second store on the same file, as another process would have it.
  func another(busyTimeout: Span = .seconds(5)) throws -> Store {
    try Store(path: store.path, busyTimeout: busyTimeout)
  }

  /// A plain connection, for looking behind the store's back.
  func raw() throws -> DatabaseQueue { try DatabaseQueue(path: store.path) }

  @discardableResult
  func enqueue(
    _ count: Int, account: String = "news@example.org", recipient: (Int) -> String = { "r\($0)@example.com" },
    state: MessageState = .queued
  ) throws -> [Message.ID] {
    try store.write { (transaction) throws in
      let sender = try transaction.accounts.getOrCreate(account, now: now)
      return try (0..<count).compactMap { number in
        let key = "\(UUID().uuidString)"
        let insertion = try transaction.messages.insert(
          submission(key: key, recipient: recipient(number), account: account), account: sender.id, state: state,
          reason: "", now: now)
        guard case .inserted(let id) = insertion else { return nil }
        return id
      }
    }
  }

  func submission(
    key: String, recipient: String = "r@example.com", account: String = "news@example.org", body: String = "x"
  )
    -> Submission
  {
    Submission(
      source: "test", idempotencyKey: key, accountAddress: account, envelopeSender: account, recipient: recipient,
      messageID: "<\(key)@example.org>", subject: "Subject \(recipient)", body: Array(body.utf8),
      bodyHash: Array(body.utf8))
  }

  /// Claims and arms everything that is due.
  func armAll(owner: String = "engine") throws -> [Lease] {
    try store.write { (transaction) throws in
      let claimed = try transaction.messages.claim(limit: 1_000, owner: owner, now: now, leaseUntil: now + .seconds(60))
      let leases = claimed.map { Lease(id: $0.id, epoch: $0.epoch) }
      _ = try transaction.messages.arm(leases, owner: owner, now: now, leaseUntil: now + .seconds(60))
      return leases
    }
  }
}
