import MailModel
import Storage

/// What becomes of the mail that a restriction held.
enum HeldMail: String, CaseIterable {
  case release, discard, leave

  static let argument = Operation.Argument(
    "held", "Held mail: release (when left empty), discard or leave.", isRequired: false,
    choices: HeldMail.allCases.map(\.rawValue))

  /// - Throws: `OperationRefusal` for another word.
  init(_ request: OperationRequest) throws {
    let word = (request.arguments["held"] ?? "").split(separator: " ").first.map(String.init) ?? "release"
    guard let known = HeldMail(rawValue: word.lowercased()) else {
      throw OperationRefusal.badTarget(word, expected: "release, discard or leave")
    }
    self = known
  }

  func preview(_ accounts: [Account], _ transaction: Transaction, now: Timestamp) throws -> String {
    var released = 0
    var suppressed = 0
    for account in accounts {
      let count = try transaction.messages.releasePreview(
        account: account.id, holdReasonPrefix: AccountEvidence.holdReason, now: now)
      released += count.released
      suppressed += count.suppressed
    }
    switch self {
    case .release: return "releases \(released), skips \(suppressed) suppressed"
    case .discard: return "discards \(released + suppressed) held for good"
    case .leave: return "leaves \(released + suppressed) held"
    }
  }

  /// Which mails a restriction holds, the newest of them: what is released goes out at once.
  static func lines(_ account: Account, _ transaction: Transaction) throws -> [String] {
    try transaction.messages.newestHeld(account: account.id, reasonPrefix: AccountEvidence.holdReason)
      .map { "held: \($0.subject) (to \($0.recipient))" }
  }

  func apply(_ account: Account, reason: String, _ transaction: Transaction, now: Timestamp) throws -> [String: Int] {
    let prefix = AccountEvidence.holdReason
    switch self {
    case .release:
      let count = try transaction.messages.releaseAll(account: account.id, holdReasonPrefix: prefix, now: now)
      return ["released": count.released, "suppressed": count.suppressed]
    case .discard:
      let count = try transaction.messages.discardAll(
        account: account.id, holdReasonPrefix: prefix, reason: reason, now: now)
      return ["discarded": count]
    case .leave:
      let count = try transaction.messages.releasePreview(
        account: account.id, holdReasonPrefix: prefix, now: now)
      return ["left": count.released + count.suppressed]
    }
  }
}
