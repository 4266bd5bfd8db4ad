public import MailModel
public import Storage

/// What is known about a message in doubt, for whoever decides (DESIGN §2.3).
public struct DoubtFacts: Sendable, Equatable {
  public var message: Message
  /// Since when it is in doubt.
  public var since: Timestamp
  /// `host:port`, and the address that answered there; empty when the engine that knew is gone.
  public var relay: String
  public var peer: String
  /// The last thing that went out.
  public var lastCommand: String
  /// When the arm was committed; the final dot went out after it, if at all.
  public var armedAt: Timestamp?
  public var why: String
  /// What speaks for it having arrived; empty for nothing yet.
  public var evidence: [String]

  public func age(now: Timestamp) -> Span { now - since }

  /// What settles doubt without a person.
  public static let settledBy =
    "a DSN, complaint, reply, provider event or relay log line that cites it settles it as sent"

  /// - Returns: `nil` when it is not in doubt.
  /// - Throws: `StoreError`.
  public static func read(_ message: Message, in transaction: Transaction) throws -> DoubtFacts? {
    message.state == .uncertain ? try facts(of: message, in: transaction) : nil
  }

  /// - Parameter message: one in doubt.
  /// - Throws: `StoreError`.
  public static func facts(of message: Message, in transaction: Transaction) throws -> DoubtFacts {
    let last = try transaction.attempts.list(of: message.id).last
    return DoubtFacts(
      message: message, since: message.stateChangedAt, relay: last?.relay ?? "", peer: last?.peer ?? "",
      lastCommand: (last?.stage ?? .dot).command, armedAt: last?.armedAt, why: last?.text ?? message.stateReason,
      evidence: try evidence(message, transaction))
  }

  private static func evidence(_ message: Message, _ transaction: Transaction) throws -> [String] {
    let queues = try transaction.relayQueue.entries(of: message.id).map {
      "the log of \($0.host) names it as \($0.queueID) at \(Clockface.text($0.seenAt)), but not yet in its queue"
    }
    let reports = try transaction.bounces.list(of: message.id).map {
      "\($0.kind.rawValue) of \(Clockface.text($0.occurredAt)), tied to it by \($0.correlation.words)"
    }
    let events = try transaction.messageEvents.list(of: message.id).map {
      "\($0.kind) told by \($0.source) at \(Clockface.text($0.occurredAt))"
    }
    return queues + reports + events
  }
}

/// What details of a message say besides its row and attempts.
public struct MessageStory: Sendable, Equatable {
  /// Oldest first.
  public var history: [HistoryEntry]
  /// Only of a message in doubt.
  public var doubt: DoubtFacts?
  /// The relays that keep a due message from going, in words with text from outside: its own reason tells only of the
  /// last attempt. `nil` while one of them takes mail.
  public var closedRelays: String?

  /// - Parameter relays: those of the configuration. - Throws: `StoreError`.
  static func read(
    _ message: Message, relays: [String], now: Timestamp, in transaction: Transaction
  ) throws -> MessageStory {
    MessageStory(
      history: try MessageHistory.read(message, in: transaction),
      doubt: try DoubtFacts.read(message, in: transaction),
      closedRelays: try closedRelays(for: message, of: relays, now: now, in: transaction))
  }

  private static func closedRelays(
    for message: Message, of relays: [String], now: Timestamp, in transaction: Transaction
  ) throws -> String? {
    guard message.state == .queued, message.nextAttemptAt <= now else { return nil }
    let standings: [RelayStanding]
    if message.relay == nil, let inbox = try transaction.inboxes.get(address: message.accountAddress) {
      standings = [try RelayStanding.read(own: inbox, now: now, in: transaction)]
    } else {
      standings = try RelayStanding.read(message.relay.map { [$0] } ?? relays, now: now, in: transaction)
    }
    guard !standings.isEmpty, standings.allSatisfy(\.isClosed) else { return nil }
    return standings.map { "\($0.relay) \($0.words(now: now))" }.joined(separator: "; ")
  }
}

extension OpenWorkspace {
  func story(_ message: Message, in transaction: Transaction) throws -> MessageStory {
    try MessageStory.read(message, relays: relayNames, now: clock.now(), in: transaction)
  }

  /// One message with its whole life. - Throws: `StoreError`, `OperationRefusal.badTarget`.
  public func story(of id: Message.ID) throws -> (message: Message, story: MessageStory) {
    try store.read { transaction in
      guard let message = try transaction.messages.get(id) else {
        throw OperationRefusal.badTarget("\(id)", expected: "a message of this workspace")
      }
      return (message, try story(message, in: transaction))
    }
  }
}
