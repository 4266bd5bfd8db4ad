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
struct ProviderEventImport: OperationParts {
  /// Events of one transaction.
  static let batch = 500

  private let file: MaterialFile
  private let settings: IntakeSettings
  private var stream = JSONStream()
  private var pending: [ProviderEvent] = []
  private var hasEnded = false
  private(set) var summary = EventSummary()

  /// - Throws: `ConfigurationError` when the file cannot be opened.
  init(_ request: OperationRequest, settings: IntakeSettings) throws {
    file = try MaterialFile(request)
    self.settings = settings
  }

  mutating func gather(_ store: Store, _ context: OperationContext) throws -> Bool {
    pending = []
    try read()
    return !pending.isEmpty
  }

  private mutating func read() throws {
    while pending.count < ProviderEventImport.batch, !hasEnded {
      let bytes = try file.read()
      hasEnded = bytes.isEmpty
      for item in hasEnded ? stream.finish() : stream.append(bytes) {
        switch item {
        case .bad(let why, let line): summary.note(why, line: line)
        case .object(let json, let line):
          do throws(SESEvent.Failure) {
            pending.append(ProviderEvent(event: try SESEvent(parsing: json), json: json))
          } catch { summary.note(error.description, line: line) }
        }
      }
    }
  }

  mutating func perform(_ transaction: Transaction, _ context: OperationContext) throws -> Effect {
    let group = IntakeGroup(transaction, owner: settings.owner, now: context.now)
    let taking = EventTaking(processing: ReportProcessing(settings: settings, rules: [], group: group))
    var part = EventSummary()
    for one in pending { try taking.take(one.event, one.json, &part) }
    part.intake.add(try group.finish())
    summary.add(part)
    return effect(of: part)
  }

  var total: Effect {
    var effect = effect(of: summary)
    effect.refusals = summary.problems
    return effect
  }

  private func effect(of summary: EventSummary) -> Effect {
    Effect(
      summary.words, subject: "file:\(file.name.prefix(200))",
      details: [
        "taken": "\(summary.taken.values.reduce(0, +))", "known": "\(summary.known)",
        "unmatched": "\(summary.unmatched)", "suppressed": "\(summary.intake.suppressed)",
        "restricted": "\(summary.intake.restricted)",
      ], changed: summary.taken.values.reduce(0, +))
  }

  func preview(_ store: Store, _ context: OperationContext) throws -> Preview {
    var reading = self
    var forecast = EventForecast(settings: settings, now: context.now)
    repeat {
      reading.pending = []
      try reading.read()
      try store.read { transaction in for one in reading.pending { try forecast.note(one, in: transaction) } }
    } while !reading.hasEnded
    return forecast.preview(problems: reading.summary)
  }
}

/// An event with the bytes it was read from.
struct ProviderEvent: Sendable {
  var event: SESEvent
  var json: [UInt8]
}

extension EventSummary {
  public var words: String {
    "taken: \(Amount.kinds(taken)); \(known) known already, \(unmatched) about no message of ours, \(noEvents); "
      + "\(intake.suppressed) suppressed, \(Amount.words(intake.flagged, "account")) flagged, "
      + "\(intake.restricted) restricted"
  }

  var noEvents: String { Amount.words(problemCount, "line that is no event", many: "lines that are no event") }

  fileprivate mutating func add(_ part: EventSummary) {
    taken.merge(part.taken, uniquingKeysWith: +)
    known += part.known
    unmatched += part.unmatched
    intake.add(part.intake)
  }
}

/// Takes single events inside one transaction.
private struct EventTaking {
  let processing: ReportProcessing
  private var transaction: Transaction { processing.transaction }
  private var actor: Actor { .program(processing.settings.owner) }

  init(processing: ReportProcessing) { self.processing = processing }

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
    guard let id = try transaction.reports.storeEvent(source: "ses", raw: raw, receivedAt: processing.now) else {
      summary.known += 1
      return
    }
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
      if event.kind == .deliveryDelay { processing.group.amounts.add("delayed") }
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
    // Ours first; the provider's own id is known from its reply to the final dot.
    for id in [event.messageID, event.providerID] {
      let reading = ClassifiedReport(
        kind: .other, recipients: [], originalMessageID: id, tokenCandidates: [event.source],
        ownHeader: event.ownHeader)
      let match = try settings.correlator.match(reading, recipient: named, in: group)
      if match.correlation.isProof { return match.message }
    }
    return nil
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
