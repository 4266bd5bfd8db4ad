import Foundation
import MailModel
import Storage

/// The entries of a file onto the suppression list, idempotent: the same file again changes nothing.
struct SuppressionImport: OperationParts {
  /// Entries of one transaction.
  static let batch = 4_000

  private let name: String
  private let file: SuppressionFile
  private var taken = 0
  private var pending: ArraySlice<SuppressionFile.Entry> = []
  private var outcome = SuppressionOutcome()

  /// - Throws: `FileProblem` when it cannot be read, `ConfigurationError` when it as a whole cannot be used.
  init(_ request: OperationRequest) throws {
    let path = request.arguments["file"] ?? ""
    name = URL(filePath: path).lastPathComponent
    file = try SuppressionFile(path: path)
  }

  mutating func gather(_ store: Store, _ context: OperationContext) -> Bool {
    pending = file.entries[taken...].prefix(SuppressionImport.batch)
    taken += pending.count
    return !pending.isEmpty
  }

  mutating func perform(_ transaction: Transaction, _ context: OperationContext) throws -> Effect {
    var part = SuppressionOutcome()
    for entry in pending { try part.add(entry, transaction, actor: context.actor.name, now: context.now) }
    outcome += part
    return effect(of: part)
  }

  var total: Effect {
    var effect = effect(of: outcome)
    effect.refusals = file.problems
    return effect
  }

  private func effect(of outcome: SuppressionOutcome) -> Effect {
    Effect(
      "\(outcome.addedWords) added, \(outcome.known) known already, \(outcome.waiting) waiting messages stopped",
      subject: "suppression-file:\(name)",
      details: ["added": "\(outcome.added)", "known": "\(outcome.known)", "wrong": "\(file.problems.count)"],
      changed: outcome.added)
  }

  func preview(_ store: Store, _ context: OperationContext) throws -> Preview {
    var reading = self
    var outcome = SuppressionOutcome()
    while reading.gather(store, context) {
      try store.read { transaction in
        for entry in reading.pending { try outcome.foresee(entry, transaction, now: context.now) }
      }
    }
    return Preview(
      summary:
        "adds \(outcome.addedWords), knows \(outcome.known) already, leaves out \(Amount.words(file.problems.count, "wrong line"))",
      lines: outcome.accountWords + file.problems.prefix(20), isEmpty: outcome.added == 0)
  }
}

/// What an import of suppressions would do or did.
private struct SuppressionOutcome {
  /// New on the list, or there for longer than before.
  var added = 0
  /// Those among them whose end is past: seen on the list, and suppressing nothing.
  var expired = 0
  /// On the list already, for at least as long.
  var known = 0
  var waiting = 0
  /// Accounts that are not known yet, by their address: mistyped, perhaps.
  var newAccounts: Set<String> = []

  static func += (sum: inout SuppressionOutcome, part: SuppressionOutcome) {
    sum.added += part.added
    sum.expired += part.expired
    sum.known += part.known
    sum.waiting += part.waiting
  }

  mutating func foresee(_ entry: SuppressionFile.Entry, _ transaction: Transaction, now: Timestamp) throws {
    let account = try entry.account.isEmpty ? nil : transaction.accounts.get(address: entry.account)?.id
    let isNew = account == nil && !entry.account.isEmpty
    if isNew { newAccounts.insert(entry.account) }
    let known = isNew ? nil : try transaction.suppressions.list(entry.address).first { $0.accountID == account }
    let lasts = known.map { known in
      known.expiresAt.map { end in entry.expiresAt.map { $0 <= end } ?? false } ?? true
    }
    count(entry, isAdded: lasts != true, now: now)
  }

  mutating func add(
    _ entry: SuppressionFile.Entry, _ transaction: Transaction, actor: String, now: Timestamp
  ) throws {
    let account = try entry.account.isEmpty ? nil : transaction.accounts.getOrCreate(entry.account, now: now).id
    let isNew = try transaction.suppressions.add(
      entry.address, reason: entry.reason, source: entry.source.isEmpty ? "import by \(actor)" : entry.source,
      now: now, account: account, expiresAt: entry.expiresAt)
    count(entry, isAdded: isNew, now: now)
    guard isNew, !entry.isExpired(now) else { return }
    waiting += try transaction.messages.suppressWaiting(
      recipient: entry.address, reason: "recipient is suppressed: \(entry.reason)", now: now, account: account)
  }

  private mutating func count(_ entry: SuppressionFile.Entry, isAdded: Bool, now: Timestamp) {
    if isAdded { added += 1 } else { known += 1 }
    if isAdded, entry.isExpired(now) { expired += 1 }
  }

  var addedWords: String { expired == 0 ? "\(added)" : "\(added) (\(expired) of them expired already)" }

  /// Names accounts that an import would make; nothing for none.
  var accountWords: [String] {
    guard !newAccounts.isEmpty else { return [] }
    let names = newAccounts.sorted()
    let others = names.count > 5 ? " and \(names.count - 5) more" : ""
    return ["for accounts that are not known yet: \(names.prefix(5).joined(separator: ", "))\(others)"]
  }
}

extension SuppressionFile.Entry {
  fileprivate func isExpired(_ now: Timestamp) -> Bool { expiresAt.map { $0 <= now } ?? false }
}
