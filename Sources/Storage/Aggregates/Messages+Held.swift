import GRDB
public import MailModel

/// What is held, for the questions before it is let go: found by an index, not by a search over all held mail.
extension Messages {
  static let heldOfRecipient = """
    \(MessageRow.select) WHERE lower(m.recipient) = lower($1) AND m.state = 'held' ORDER BY m.id DESC LIMIT 3
    """
  static let heldOfAccount = """
    \(MessageRow.select) WHERE m.account_id = $1 AND m.state = 'held'
      AND substr(m.state_reason, 1, length($2)) = $2 ORDER BY m.id DESC LIMIT 3
    """

  /// The newest three that are held for a recipient.
  public func newestHeld(recipient: String) throws -> [Message] {
    try Row.fetchAll(db.cachedStatement(sql: Messages.heldOfRecipient), arguments: [recipient]).map(MessageRow.decode)
  }

  /// The newest three of an account that are held for a reason that begins so.
  public func newestHeld(account: Account.ID, reasonPrefix: String) throws -> [Message] {
    try Row.fetchAll(db.cachedStatement(sql: Messages.heldOfAccount), arguments: [account, reasonPrefix])
      .map(MessageRow.decode)
  }
}
