/// How a notice travels.
public enum NoticeChannel: String, Sendable, CaseIterable, Codable {
  /// Through our own queue, like any other mail.
  case email
  /// A JSON body posted to a URL; fax and chat gateways sit behind it.
  case webhook
}

public enum NoticeState: String, Sendable, CaseIterable {
  /// Waiting for its first or its next attempt.
  case queued
  /// Taken by the relay, or answered 2xx by the web hook.
  case sent
  /// Given up; a person may try again.
  case failed
  /// Not sent because the address is on the suppression list.
  case suppressed
}

/// Something that somebody is told: an account's holder about a decision, the team about an alert.
public struct Notice: Sendable, Equatable, Identifiable {
  public var id: Int64
  public var version: Int64
  public var state: NoticeState
  /// The template's name, such as `restriction`.
  public var kind: String
  public var channel: NoticeChannel
  /// An address, or scheme and host of the web hook.
  public var target: String
  public var account: Account.ID?
  public var caseID: Int64?
  public var subject: String
  /// The text, or the JSON that is posted, byte for byte.
  public var body: String
  /// The message in our queue that carries it.
  public var messageID: Message.ID?
  public var attempts: Int
  public var nextAttemptAt: Timestamp
  /// What went wrong the last time; empty when nothing did.
  public var lastError: String
  public var createdAt: Timestamp
  public var createdBy: String
  public var changedAt: Timestamp

  public init(
    id: Int64, version: Int64, state: NoticeState, kind: String, channel: NoticeChannel, target: String,
    account: Account.ID?, caseID: Int64?, subject: String, body: String, messageID: Message.ID?, attempts: Int,
    nextAttemptAt: Timestamp, lastError: String, createdAt: Timestamp, createdBy: String, changedAt: Timestamp
  ) {
    self.id = id
    self.version = version
    self.state = state
    self.kind = kind
    self.channel = channel
    self.target = target
    self.account = account
    self.caseID = caseID
    self.subject = subject
    self.body = body
    self.messageID = messageID
    self.attempts = attempts
    self.nextAttemptAt = nextAttemptAt
    self.lastError = lastError
    self.createdAt = createdAt
    self.createdBy = createdBy
    self.changedAt = changedAt
  }
}
