import MailFormats
import Storage

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
