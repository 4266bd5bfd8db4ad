import MailFormats
import MailModel
import Storage

/// Takes single events of a provider inside one transaction.
struct EventTaking {
  let processing: ReportProcessing
  private var transaction: Transaction { processing.transaction }
  private var actor: Actor { .program(processing.settings.owner) }

  func take(_ event: SESEvent, _ json: [UInt8], _ summary: inout EventSummary) throws {
    let occurredAt = Clockface.moment(of: event.timestamp) ?? processing.now
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
    let id = try transaction.reports.storeEvent(source: "ses", raw: raw, receivedAt: processing.now)
    let intake = try processing.process(id, SharedReading(processing.settings.classifier.classify(raw)))
    summary.unmatched += intake.unmatched.count
    summary.intake.add(intake)
  }

  private func takeEvent(_ event: SESEvent, at moment: Timestamp, _ summary: inout EventSummary) throws {
    var isMatched = false
    for recipient in event.recipients.isEmpty ? [""] : event.recipients {
      guard let message = try processing.message(of: event, to: recipient) else { continue }
      isMatched = true
      try transaction.messageEvents.append(
        message.id, kind: event.kind.rawValue, at: moment, source: "ses", detail: event.detail)
      if let stage = event.kind.stage {
        processing.group.advance(message.id, to: stage)
      }
      if event.kind.isEvidence { try settle(message, event) }
      if event.isUnsubscription { try unsubscribe(message) }
    }
    if !isMatched { summary.unmatched += 1 }
  }

  private func settle(_ message: Message, _ event: SESEvent) throws {
    let kind = event.kind.rawValue
    _ = try transaction.settle(
      message, reason: "SES tells of it: \(kind)", evidence: "an event of SES cites it", details: ["event": kind],
      by: actor, now: processing.now)
  }

  private func unsubscribe(_ message: Message) throws {
    let waiting = try transaction.unsubscribe(message, source: "SES subscription event", now: processing.now)
    guard let waiting else { return }
    _ = try transaction.audit.append(
      at: processing.now, actor: actor, operation: "policy.suppress",
      subject: "recipient:\(message.recipient)", reason: "unsubscribed",
      detailsJSON: JSONLine.object(["account": "\(message.accountID)", "waiting": "\(waiting)"]))
  }
}

extension ReportProcessing {
  /// The message that an event is provably about.
  func message(of event: SESEvent, to recipient: String) throws -> Message? {
    let named = recipient.isEmpty ? nil : ReportedRecipient(finalRecipient: recipient)
    // The provider's own id is known from its reply to the final dot.
    var reading = ClassifiedReport(
      kind: .other, originalMessageID: event.messageID, tokenCandidates: [event.source], ownHeader: event.ownHeader)
    reading.enclosedMessageID = event.providerID
    let match = try settings.correlator.match(reading, recipient: named, in: group)
    return match.correlation.isProof ? match.message : nil
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
  var isEvidence: Bool { self != .reject && self != .renderingFailure && self != .subscription }
}
