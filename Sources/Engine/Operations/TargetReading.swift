import MailModel
import Storage

extension OperationRequest {
  func accounts(in transaction: Transaction) throws -> [Account] {
    try targets.map { try $0.account(in: transaction) }
  }

  func inboxes(in transaction: Transaction) throws -> [Inbox] { try targets.map { try $0.inbox(in: transaction) } }

  /// `report:4,7`: what the audit row is about.
  func subject(_ kind: String) -> String { "\(kind):" + targets.map(\.id).joined(separator: ",") }

  /// `: because`, or nothing: what follows the words of a decision.
  var because: String { reason.isEmpty ? "" : ": \(reason)" }
}

/// Targets into rows, with the refusals that belong to it.
extension OperationRequest.Target {
  var rowID: Int64 {
    get throws {
      guard let number = Int64(id) else { throw OperationRefusal.badTarget(id, expected: "a row's number") }
      return number
    }
  }

  func message(in transaction: Transaction) throws -> Message {
    guard let message = try transaction.messages.get(try rowID) else {
      throw OperationRefusal.badTarget(id, expected: "a message of this workspace")
    }
    try refuse(changedFrom: message.version, what: "message \(id)", now: message.state.rawValue)
    return message
  }

  /// An account by number or by address.
  func account(in transaction: Transaction) throws -> Account {
    guard let account = try knownAccount(in: transaction) else {
      throw OperationRefusal.badTarget(id, expected: "an account of this workspace")
    }
    if let version, version != account.version {
      // Whoever decided second wants to know what the first decided.
      let events = try transaction.cases.latest(of: account.id).map { try transaction.cases.events(of: $0, limit: 10) }
      let last = events?.first { $0.kind == .decision }
      let words = last.map { " (\($0.actor): \($0.text))" } ?? ""
      throw OperationRefusal.changed(
        "\(account.address) changed since it was drawn and is \(account.standing.rawValue) now\(words); look again")
    }
    return account
  }

  /// `nil` when there is no such account; the version is not looked at.
  func knownAccount(in transaction: Transaction) throws -> Account? {
    try Int64(id).flatMap { try transaction.accounts.get($0) } ?? transaction.accounts.get(address: id.lowercased())
  }

  /// An inbox by number or by address.
  func inbox(in transaction: Transaction) throws -> Inbox {
    guard let inbox = try Int64(id).flatMap({ try transaction.inboxes.get($0) }) ?? transaction.inboxes.get(address: id)
    else { throw OperationRefusal.badTarget(id, expected: "an inbox of this workspace") }
    try refuse(
      changedFrom: inbox.version, what: "inbox \(inbox.address)", now: inbox.pause == nil ? "active" : "paused")
    return inbox
  }

  func approval(in transaction: Transaction) throws -> Approval {
    guard let approval = try transaction.approvals.get(try rowID) else {
      throw OperationRefusal.badTarget(id, expected: "an approval of this workspace")
    }
    try refuse(changedFrom: approval.version, what: "approval \(id)", now: approval.state.rawValue)
    return approval
  }

  private func refuse(changedFrom current: Int64, what: String, now: String) throws {
    guard let version, version != current else { return }
    throw OperationRefusal.changed("\(what) changed since it was drawn and is \(now) now; look again")
  }
}
