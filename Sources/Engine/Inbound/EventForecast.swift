import MailFormats
import MailModel
import MailPolicy
import Storage

/// What events, or reports that a person matches, would come to, by the rules that decide about them; changes nothing.
///
/// Complaints and soft bounces of the file itself count together only as far as accounts are concerned: what follows from
/// several soft bounces of one file is not foreseen.
struct EventForecast {
  let settings: IntakeSettings
  let now: Timestamp

  private var identities: Set<String> = []
  private var kinds: [String: Int] = [:]
  private var known = 0
  private var unmatched = 0
  private var suppressed: Set<String> = []
  private var settled: Set<Message.ID> = []
  private var retried: Set<Message.ID> = []
  private var complained: Set<Message.ID> = []
  private var complaints: [Account.ID: Int] = [:]
  private var standings: [Account.ID: (address: String, before: AccountStanding, counted: Int)] = [:]

  init(settings: IntakeSettings, now: Timestamp) {
    self.settings = settings
    self.now = now
  }

  mutating func note(_ one: ProviderEvent, in transaction: Transaction) throws {
    let event = one.event
    let isKnown = try transaction.messageEvents.isKnown(identity: event.identity)
    guard identities.insert(event.identity).inserted, !isKnown else {
      known += 1
      return
    }
    kinds[event.kind.rawValue, default: 0] += 1
    let group = IntakeGroup(transaction, owner: settings.owner, now: now)
    let processing = ReportProcessing(settings: settings, rules: [], group: group)
    if event.kind == .bounce || event.kind == .complaint {
      try note(SharedReading(settings.classifier.classify(event.asReport(one.json))), processing)
    } else {
      try noteEvent(event, processing)
    }
  }

  /// - Parameter given: the message that a person says it is about.
  mutating func note(_ reading: SharedReading, given: Message? = nil, _ processing: ReportProcessing) throws {
    let application = ReportApplication(reportID: 0, reading: reading, settings: settings, group: processing.group)
    let matches = try processing.matches(reading.report, given)
    if !matches.contains(where: { $0.1.correlation.isProof }) { unmatched += 1 }
    for (recipient, match) in matches {
      for consequence in try application.consequences(recipient, match) {
        switch consequence {
        case .suppress(let address, _, let scope, _):
          let account = scope == .sender ? match.message?.accountID : nil
          if try processing.transaction.suppressions.active(address, account: account, now: now) == nil {
            suppressed.insert(address.lowercased())
          }
        case .settleSent: if let message = match.message { settled.insert(message.id) }
        case .countComplaint: if let message = match.message { try count(message, processing.transaction) }
        case .retry:
          if let message = match.message, try processing.transaction.messages.successor(of: message.id) == nil {
            retried.insert(message.id)
          }
        case .countSoft, .raiseBlock, .advance, .triage: break
        }
      }
    }
  }

  private mutating func count(_ message: Message, _ transaction: Transaction) throws {
    guard try !transaction.complaints.isAny(about: message.id), complained.insert(message.id).inserted else { return }
    complaints[message.accountID, default: 0] += 1
    guard standings[message.accountID] == nil, let account = try transaction.accounts.get(message.accountID) else {
      return
    }
    let counted = try transaction.complaints.countSince(
      account: account.id, since: settings.restriction.windowStart(now: now))
    standings[account.id] = (account.address, account.standing, counted)
  }

  private mutating func noteEvent(_ event: SESEvent, _ processing: ReportProcessing) throws {
    var isMatched = false
    for recipient in event.recipients.isEmpty ? [""] : event.recipients {
      guard let message = try processing.message(of: event, to: recipient) else { continue }
      isMatched = true
      if event.kind.isEvidence, message.state == .uncertain { settled.insert(message.id) }
      if event.isUnsubscription { suppressed.insert(message.recipient.lowercased()) }
    }
    if !isMatched { unmatched += 1 }
  }

  func preview(problems: EventSummary) -> Preview {
    let (summary, accounts) = words
    return Preview(
      summary: summary,
      lines: [
        "events: \(Amount.kinds(kinds)); \(known) known already, \(unmatched) about no message of ours",
        problems.noEvents,
      ] + accounts + problems.problems.prefix(20),
      isEmpty: kinds.isEmpty)
  }

  /// Counts of consequences, and the accounts whose standing would change.
  var words: (summary: String, accounts: [String]) {
    var (flagged, restricted): ([String], [String]) = ([], [])
    for (id, account) in standings {
      let count = account.counted + (complaints[id] ?? 0)
      let words = "\(account.address): \(Amount.words(count, "complaint")), would be "
      switch settings.restriction.standing(current: account.before, complaints: count) {
      case .restricted: restricted.append(words + "restricted")
      case .flagged: flagged.append(words + "flagged")
      case .good, nil: break
      }
    }
    let summary =
      "suppresses \(Amount.words(suppressed.count, "recipient")), settles \(Amount.inDoubt(settled.count)), "
      + "flags \(flagged.count) and restricts \(Amount.words(restricted.count, "account"))"
      + (retried.isEmpty ? "" : ", tries \(Amount.words(retried.count, "message")) again")
    return (summary, Array((restricted.sorted() + flagged.sorted()).prefix(20)))
  }
}
