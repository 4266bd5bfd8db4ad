public import MailModel
import Storage

/// How to log in as an inbox: what the adapter of its server needs.
public struct InboxLogin: Sendable, Equatable {
  public var inbox: Inbox
  public var password: Secret
}

extension Inbox {
  /// What stands for the server of an inbox while there is no login for it: a name of its own, so that inboxes with a
  /// login for the same server are not held up.
  public static func serverWithoutLogin(_ id: ID) -> String { "inbox \(id)" }
}

/// Mail waits for a server that is no longer there.
struct RemovedInbox: Error, CustomStringConvertible {
  var description: String { "its inbox was removed; add it again, or cancel the message" }
}

extension OpenWorkspace {
  /// Passwords of this workspace's inboxes.
  public var secrets: SecretFolder { SecretFolder(workspace.secretsFolder) }

  /// - Throws: `ConfigurationError` without a password that can be read; `OperationRefusal.badTarget` without such an
  ///   inbox; `StoreError`.
  public func inboxLogin(_ address: String) throws -> InboxLogin {
    guard let inbox = try store.read({ try $0.inboxes.get(address: address) }) else {
      throw OperationRefusal.badTarget(
        address, expected: "an inbox of this workspace; 'postroom inbox list' shows them")
    }
    return InboxLogin(inbox: inbox, password: try secrets.read(inbox.address))
  }

  /// The login of the inbox that a message goes out from. Mail of one that was removed goes over no other server.
  /// - Throws: `RemovedInbox`; else as `inboxLogin(_:)`.
  public func inboxLogin(for id: Inbox.ID) throws -> InboxLogin {
    guard let inbox = try store.read({ try $0.inboxes.get(id) }) else { throw RemovedInbox() }
    return InboxLogin(inbox: inbox, password: try secrets.read(inbox.address))
  }
}
