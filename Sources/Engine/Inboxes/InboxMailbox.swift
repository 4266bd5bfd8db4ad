public import MailModel
import Storage

extension Inbox {
  /// `user@host/INBOX`, as reports from it are located; `nil` when nobody reads it here.
  public var mailboxName: String? { imap.map { "\($0.username)@\($0.host)/INBOX" } }
}

extension OpenWorkspace {
  /// Inboxes whose mail is read here, by address: replies come to them, and what bounces where no BOUNCE_ADDRESS is set.
  /// Without those whose mailbox is a report mailbox of the configuration.
  /// - Throws: `StoreError`.
  public func inboxesToRead() throws -> [Inbox] {
    let configured = Set(workspace.configuration.mailboxes.map(\.name))
    return try store.read { try $0.inboxes.all() }.filter { inbox in
      inbox.mailboxName.map { !configured.contains($0) } ?? false
    }
  }
}
