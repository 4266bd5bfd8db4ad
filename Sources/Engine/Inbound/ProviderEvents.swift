import Foundation
import MailFormats
import MailModel
import MailPolicy
import Storage

/// What an import of provider events came to.
public struct EventSummary: Sendable, Equatable {
  /// Events taken, by kind.
  public var taken: [String: Int] = [:]
  /// Taken before: nothing is counted twice.
  public var known = 0
  /// Events about no message of ours.
  public var unmatched = 0
  /// Lines that are no event, with their number and why; at most a thousand are told.
  public var problems: [String] = []
  /// How many lines were no event.
  public var problemCount = 0
  public var intake = IntakeSummary()

  mutating func note(_ problem: String, line: Int) {
    problemCount += 1
    if problems.count < 1_000 { problems.append("line \(line): \(problem)") }
  }
}

/// Events of a provider into the store, idempotent: bounces and complaints as reports of their own, with the policy that
/// every report has; the others as events of their message.
public struct ProviderEventImport: Sendable {
  /// Events of one transaction.
  static let batch = 500

  let store: Store
  let settings: IntakeSettings
  let clock: any Clock

  /// Reads a stream of events to its end.
  ///
  /// - Parameter read: the next bytes; empty at the end.
  /// - Throws: `StoreError`, and what `read` throws. What was taken before stays taken: repeating is safe.
  public func run(_ read: () throws -> [UInt8]) throws -> EventSummary {
    var summary = EventSummary()
    var stream = JSONStream()
    var pending: [(SESEvent, [UInt8])] = []
    func take(_ items: [JSONStream.Item]) throws {
      for item in items {
        switch item {
        case .bad(let why, let line): summary.note(why, line: line)
        case .object(let json, let line):
          do throws(SESEvent.Failure) { pending.append((try SESEvent(parsing: json), json)) } catch {
            summary.note(error.description, line: line)
          }
        }
        guard pending.count >= Self.batch else { continue }
        try commit(pending, &summary)
        pending = []
      }
    }
    while true {
      let bytes = try read()
      guard !bytes.isEmpty else { break }
      try take(stream.append(bytes))
    }
    try take(stream.finish())
    try commit(pending, &summary)
    return summary
  }

  private func commit(_ events: [(SESEvent, [UInt8])], _ summary: inout EventSummary) throws {
    guard !events.isEmpty else { return }
    let now = clock.now()
    summary = try store.write { transaction in
      var summary = summary
      let amounts = IntakeAmounts()
      let taking = EventTaking(
        processing: ReportProcessing(
          settings: settings, rules: [], now: now, transaction: transaction, amounts: amounts))
      for (event, json) in events { try taking.take(event, json, &summary) }
      try amounts.write(at: now, in: transaction)
      return summary
    }
  }
}

/// Takes single events inside one transaction.
private struct EventTaking {
  let processing: ReportProcessing
  private var transaction: Transaction { processing.transaction }

  init(processing: ReportProcessing) { self.processing = processing }

  func take(_ event: SESEvent, _ json: [UInt8], _ summary: inout EventSummary) throws {
    let occurredAt = Clockface.moment(utc: event.timestamp) ?? processing.now
    let isNew = try transaction.messageEvents.isNew(
      identity: event.identity, provider: "ses", kind: event.kind.rawValue, occurredAt: occurredAt,
      now: processing.now)
    guard isNew else {
      summary.known += 1
      return
    }
    summary.taken[event.kind.rawValue, default: 0] += 1
    if event.kind == .bounce || event.kind == .complaint {
      try takeReport(event, json, &summary)
    } else {
      try takeEvent(event, at: occurredAt, &summary)
    }
  }

  private func takeReport(_ event: SESEvent, _ json: [UInt8], _ summary: inout EventSummary) throws {
    let raw = event.asReport(json)
    guard let id = try transaction.reports.storeEvent(source: "ses", raw: raw, receivedAt: processing.now) else {
      summary.known += 1
      return
    }
    let intake = try processing.process(id, processing.settings.classifier.classify(raw))
    summary.unmatched += intake.unmatched.count
    summary.intake.add(intake)
  }

  private func takeEvent(_ event: SESEvent, at moment: Timestamp, _ summary: inout EventSummary) throws {
    var isMatched = false
    for recipient in event.recipients.isEmpty ? [""] : event.recipients {
      guard let message = try message(event, recipient) else { continue }
      isMatched = true
      try transaction.messageEvents.append(
        message.id, kind: event.kind.rawValue, at: moment, source: "ses", detail: event.detail)
      if let stage = event.kind.stage {
        try transaction.messageEvents.advance(message.id, to: stage, now: processing.now)
      }
      if event.kind == .deliveryDelay { processing.amounts.add("delayed") }
      if event.kind.isEvidence { try settle(message, event) }
      if event.isUnsubscription { try unsubscribe(message) }
    }
    if !isMatched { summary.unmatched += 1 }
  }

  private func message(_ event: SESEvent, _ recipient: String) throws -> Message? {
    let named = recipient.isEmpty ? nil : ReportedRecipient(finalRecipient: recipient)
    // Ours first; the provider's own id is known from its reply to the final dot.
    for id in [event.messageID, event.providerID] {
      let reading = ClassifiedReport(
        kind: .other, recipients: [], originalMessageID: id, tokenCandidates: [event.source],
        ownHeader: event.ownHeader)
      let match = try processing.settings.correlator.match(
        reading, recipient: named, now: processing.now, in: transaction)
      if match.correlation.isProof { return match.message }
    }
    return nil
  }

  private func settle(_ message: Message, _ event: SESEvent) throws {
    guard message.state == .uncertain,
      try transaction.messages.change(
        message.id, version: message.version, transition: .settleSent,
        reason: "SES tells of it: \(event.kind.rawValue)", now: processing.now)
    else { return }
    _ = try transaction.audit.append(
      at: processing.now, actor: .program(processing.settings.owner), operation: "policy.settle",
      subject: "message:\(message.id)", reason: "an event of SES cites it",
      detailsJSON: JSONLine.object(["event": event.kind.rawValue]))
  }

  private func unsubscribe(_ message: Message) throws {
    guard
      try transaction.suppressions.add(
        message.recipient, reason: "unsubscribed", source: "SES subscription event", now: processing.now,
        account: message.accountID)
    else { return }
    let waiting = try transaction.messages.suppressWaiting(
      recipient: message.recipient, reason: "recipient unsubscribed", now: processing.now, account: message.accountID)
    _ = try transaction.audit.append(
      at: processing.now, actor: .program(processing.settings.owner), operation: "policy.suppress",
      subject: "recipient:\(message.recipient)", reason: "unsubscribed",
      detailsJSON: JSONLine.object(["account": "\(message.accountID)", "waiting": "\(waiting)"]))
  }
}

extension SESEvent.Kind {
  /// How far a message came by it; `nil` when it says nothing about that.
  fileprivate var stage: MessageStage? {
    switch self {
    case .delivery: .delivered
    case .open: .opened
    case .click: .clicked
    case .deliveryDelay: .delayed
    case .bounce: .bounced
    case .complaint: .complained
    case .send, .reject, .renderingFailure, .subscription: nil
    }
  }

  /// Whether SES can only tell of it when it took the message.
  fileprivate var isEvidence: Bool { self != .reject && self != .renderingFailure && self != .subscription }
}

extension OpenWorkspace {
  /// What imports provider events into this workspace. - Throws: `ConfigurationError`, `OperationRefusal.role`.
  public func eventImport() throws -> ProviderEventImport {
    guard actor.role >= .operator else {
      throw OperationRefusal.role(needed: .operator, actual: actor.role, operation: "events.import")
    }
    return ProviderEventImport(store: store, settings: try intakeSettings(), clock: clock)
  }
}
