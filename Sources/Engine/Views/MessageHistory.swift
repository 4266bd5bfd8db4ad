public import MailModel
import MailPolicy
public import Storage

/// One thing that happened to a message.
public struct HistoryEntry: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    case enqueued, attempt, change, report, event, operation
  }

  public var kind: Kind
  /// `nil` when nobody knows: the engine that could have told is gone.
  public var at: Timestamp?
  /// `deferred at RCPT TO`, `held to queued`, `bounce (hard)`, `queue.hold`.
  public var title: String
  /// `host:port` of an attempt, and the address that answered.
  public var relay = ""
  public var peer = ""
  /// The last command of an attempt.
  public var command = ""
  /// Code, enhanced status code and text. Text from outside.
  public var reply = ""
  /// What became of the message, with the class of the refusal or the person; may quote text from outside.
  public var reason = ""
  /// When it was due again, where it went back to the queue.
  public var nextAttemptAt: Timestamp?
  public var by = ""
}

/// The whole life of a message from what the store keeps: attempts, traces, reports, events, operations.
public enum MessageHistory {
  /// Oldest first.
  /// - Throws: `StoreError`.
  public static func read(_ message: Message, in transaction: Transaction) throws -> [HistoryEntry] {
    var traces = try transaction.messageTraces.list(of: message.id)
    var enqueued = HistoryEntry(kind: .enqueued, at: message.enqueuedAt, title: "enqueued")
    enqueued.reason = "\(message.source), key \(message.idempotencyKey)"
    var entries = [enqueued]
    entries += attempts(try transaction.attempts.list(of: message.id), &traces)
    var audit = try transaction.audit.page(
      AuditQuery(subject: "message:\(message.id)", isDescending: false, limit: 200)
    ).rows
    if let index = audit.firstIndex(where: { $0.operation == "message.enqueue" }) {
      entries[0].by = person(audit.remove(at: index))
    }
    entries += changes(traces, audit)
    entries += try transaction.bounces.list(of: message.id).map(HistoryEntry.init)
    entries += try transaction.messageEvents.list(of: message.id).map(HistoryEntry.init)
    return entries.enumerated().sorted { left, right in
      (left.element.at ?? Timestamp(microseconds: .max), left.offset)
        < (right.element.at ?? Timestamp(microseconds: .max), right.offset)
    }.map(\.element)
  }

  /// Each attempt with the arrow that its result led to; those arrows are taken out of `traces`.
  private static func attempts(_ attempts: [Attempt], _ traces: inout [MessageTrace]) -> [HistoryEntry] {
    attempts.map { attempt in
      var entry = HistoryEntry(attempt)
      let result = traces.firstIndex {
        $0.epoch == attempt.epoch && ($0.source == .leased || $0.source == .armed)
      }
      guard let result else { return entry }
      let trace = traces.remove(at: result)
      entry.at = entry.at ?? trace.at
      entry.reason = "\(trace.target.rawValue): \(trace.reason)"
      if trace.target == .queued { entry.nextAttemptAt = trace.nextAttemptAt }
      return entry
    }
  }

  /// Changes with who made them, and operations that changed no state.
  private static func changes(_ traces: [MessageTrace], _ audit: [AuditEvent]) -> [HistoryEntry] {
    var rest = audit
    let changes = traces.enumerated().map { index, trace -> HistoryEntry in
      var entry = HistoryEntry(
        kind: .change, at: trace.at, title: "\(trace.source.rawValue) to \(trace.target.rawValue)")
      entry.reason = trace.reason
      if trace.target == .queued { entry.nextAttemptAt = trace.nextAttemptAt }
      // The audit row of a change is written in its transaction, a moment after it.
      let next = index + 1 < traces.count ? traces[index + 1].at : trace.at + .seconds(1)
      if let row = rest.firstIndex(where: { $0.at >= trace.at && $0.at < min(next, trace.at + .seconds(1)) }) {
        let event = rest.remove(at: row)
        entry.by = "\(person(event)) by \(event.operation)"
      }
      return entry
    }
    return changes
      + rest.map { event in
        var entry = HistoryEntry(kind: .operation, at: event.at, title: event.operation)
        entry.reason = event.reason
        entry.by = person(event)
        return entry
      }
  }

  private static func person(_ event: AuditEvent) -> String { "\(event.actor) (\(event.role))" }
}

extension HistoryEntry {
  fileprivate init(_ attempt: Attempt) {
    self.init(
      kind: .attempt, at: attempt.repliedAt ?? attempt.armedAt ?? attempt.renderedAt,
      title: attempt.outcome + (attempt.stage.map { " at \($0.command)" } ?? ""))
    relay = attempt.relay
    peer = attempt.peer
    command = attempt.stage?.command ?? ""
    reply =
      attempt.replyCode.map {
        OutcomeRule.words(ServerReply(code: $0, enhancedStatus: attempt.enhancedStatus, text: attempt.text))
      } ?? attempt.text
  }

  fileprivate init(_ bounce: Bounce) {
    self.init(
      kind: .report, at: bounce.occurredAt, title: "\(bounce.kind.rawValue) (\(bounce.bounceClass.rawValue)) reported")
    reply = [bounce.status?.description ?? "", bounce.diagnostic].filter { !$0.isEmpty }.joined(separator: " ")
    reason = "\(bounce.reason); \(bounce.consequence)"
  }

  fileprivate init(_ event: MessageEvent) {
    self.init(kind: .event, at: event.occurredAt, title: "\(event.kind), told by \(event.source)")
    reply = event.detail
  }
}

extension DeliveryStage {
  /// The step as the protocol names it.
  public var command: String {
    switch self {
    case .connect: "connect"
    case .greeting: "greeting"
    case .hello: "EHLO"
    case .startTLS: "STARTTLS"
    case .auth: "AUTH"
    case .mail: "MAIL FROM"
    case .rcpt: "RCPT TO"
    case .data: "DATA"
    case .body: "message text"
    case .dot: "final dot"
    }
  }
}
