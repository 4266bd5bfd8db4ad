import MailModel
import Storage

/// What reports, a provider's events and a relay's log do alike, each with its own words.
extension Transaction {
  /// Evidence settles doubt: whatever cites a message proves that a server took it.
  ///
  /// - Parameters:
  ///   - reason: for the message's history.
  ///   - evidence: for the audit row, with `details`.
  /// - Returns: whether it was in doubt until now.
  func settle(
    _ message: Message, reason: String, evidence: String, details: [String: String], by actor: Actor, now: Timestamp
  ) throws -> Bool {
    guard message.state == .uncertain,
      try messages.change(
        message.id, version: message.version, transition: .settleSent, reason: reason, now: now)
    else { return false }
    _ = try audit.append(
      at: now, actor: actor, operation: "policy.settle", subject: "message:\(message.id)", reason: evidence,
      detailsJSON: JSONLine.object(details))
    return true
  }

  /// What was heard of messages while they still waited for their reply, and settled nothing then. What was made of
  /// another message stays in doubt: the report may have been about the other.
  ///
  /// - Parameter doubtful: that are in doubt from now on.
  func settleByEarlierEvidence(_ doubtful: [Message.ID], by actor: Actor, now: Timestamp) throws {
    for id in doubtful where try messageEvents.areEvidence(of: id) {
      guard let message = try messages.get(id) else { continue }
      let same = try messages.find(messageID: message.messageID).filter {
        $0.recipient.lowercased() == message.recipient.lowercased()
      }
      guard same.count == 1 else { continue }
      _ = try settle(
        message, reason: "what was heard of it before proves that it was accepted", evidence: "something cites it",
        details: [:], by: actor, now: now)
    }
  }

  /// The recipient of a message wants no more of its account: what waits does not go out either.
  ///
  /// - Returns: how many messages waited; `nil` when nothing changed, because nothing goes to them already.
  func unsubscribe(_ message: Message, source: String, now: Timestamp) throws -> Int? {
    let isNew = try suppressions.add(
      message.recipient, reason: "unsubscribed", source: source, now: now, account: message.accountID)
    let waiting = try messages.suppressWaiting(
      recipient: message.recipient, reason: "recipient unsubscribed", now: now, account: message.accountID)
    return isNew || waiting > 0 ? waiting : nil
  }
}
