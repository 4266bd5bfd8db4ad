public import MailModel
import Storage

/// What was heard of a message after a server took it: how far it came, events of the provider, answers of people.
public struct MessageThread: Sendable, Equatable {
  /// `nil` while nothing has been heard.
  public var stage: MessageStage?
  /// Oldest first.
  public var events: [MessageEvent]
  /// Replies and automatic replies, oldest first, with the label that a person gave them.
  public var replies: [Report]

  static func read(of message: Message.ID, in transaction: Transaction) throws -> MessageThread {
    MessageThread(
      stage: try transaction.messageEvents.stage(of: message),
      // A reply has a line of its own.
      events: try transaction.messageEvents.list(of: message).filter { $0.kind != MessageStage.replied.rawValue },
      replies: try transaction.reports.replies(to: message))
  }
}
