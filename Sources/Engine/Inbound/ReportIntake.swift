public import MailFormats
import MailModel
public import MailPolicy
public import Storage

/// What processing stored reports came to.
public struct IntakeSummary: Sendable, Equatable {
  public var bounces = 0
  public var delays = 0
  public var complaints = 0
  public var autoReplies = 0
  public var replies = 0
  public var others = 0
  public var suppressed = 0
  public var flagged = 0
  public var restricted = 0
  /// Complaints that called for a restriction beyond what policy may do within an hour.
  public var withheld = 0
  /// Recipients of reports that could not be tied to a message of ours.
  public var unmatched: [String] = []

  public init() {}
}

/// Stored reports to their consequences: classify, correlate, apply policy, many reports a transaction.
public struct ReportIntake: Sendable {
  let store: Store
  let settings: IntakeSettings
  let clock: any Clock

  /// - Parameter caseSteps: ids of the runbook's steps, for the cases that complaints open.
  public init(
    store: Store, rules: BounceRules, tokenKey: [UInt8], restriction: RestrictionPolicy,
    caseSteps: @escaping @Sendable () throws -> [String] = { [] }, notices: NoticeDesk = .silent,
    reports: ReportPolicySettings = ReportPolicySettings(), clock: any Clock, owner: String
  ) {
    self.init(
      store: store,
      settings: IntakeSettings(
        classifier: ReportClassifier(rules: rules), correlator: Correlator(key: VERPKey(tokenKey)),
        restriction: restriction, reports: reports, caseSteps: caseSteps, notices: notices, owner: owner), clock: clock)
  }

  init(store: Store, settings: IntakeSettings, clock: any Clock) {
    self.store = store
    self.settings = settings
    self.clock = clock
  }

  /// Stores fetched mails and applies what follows from them, in one transaction.
  ///
  /// Should their consequences fail, the mails are stored all the same and wait for `processStored`. A file that cannot
  /// be read is no reason to fetch no more: `processStored`, which ends every scan, says so.
  /// - Returns: what came of them, and how many were new.
  /// - Throws: `StoreError`.
  func take(_ batch: FetchedBatch) throws -> (IntakeSummary, stored: Int) {
    do { return try store(batch, applies: true) } catch is ConfigurationError {
      return try store(batch, applies: false)
    } catch {
      _ = try store(batch, applies: false)
      throw error
    }
  }

  /// - Parameter applies: `false` to store the mails only.
  private func store(_ batch: FetchedBatch, applies: Bool) throws -> (IntakeSummary, stored: Int) {
    let now = clock.now()
    return try store.write(as: .bulk) { transaction in
      let group = IntakeGroup(transaction, owner: settings.owner, now: now)
      let processing = ReportProcessing(settings: settings, rules: try transaction.reports.rules(), group: group)
      try group.readAhead(batch.mails.map(\.reading))
      var summary = IntakeSummary()
      var new = try new(batch, now: now, in: transaction)
      if batch.isPersonal { new = try new.filter { try processing.isOurs($0.reading.report) } }
      for (reading, report) in new {
        if applies { summary.add(try processing.process(report, reading)) } else { group.add(report) }
      }
      summary.add(try group.finish())
      for mail in batch.unreadable { try transaction.unreadableMails.note(mail) }
      if let upTo = batch.upTo {
        try transaction.mailboxes.advance(batch.mailbox, uidValidity: batch.uidValidity, lastUID: upTo)
      }
      if let upTo = batch.flaggedUpTo {
        try transaction.mailboxes.noteFlagged(batch.mailbox, uidValidity: batch.uidValidity, upTo: upTo)
      }
      return (summary, new.count)
    }
  }

  /// Those mails of a batch that are not stored yet, with what was read out of them.
  private func new(
    _ batch: FetchedBatch, now: Timestamp, in transaction: Transaction
  ) throws -> [(reading: SharedReading, report: NewReport)] {
    let uids = batch.mails.map(\.uid)
    guard let lowest = uids.min(), let highest = uids.max() else { return [] }
    var known = Set(
      try transaction.reports.stored(
        mailbox: batch.mailbox, uidValidity: batch.uidValidity, uids: lowest...highest))
    let wasRenumbered = try transaction.reports.wasRenumbered(batch.mailbox, uidValidity: batch.uidValidity)
    var id = try transaction.reports.nextID()
    var new: [(reading: SharedReading, report: NewReport)] = []
    for mail in batch.mails where known.insert(mail.uid).inserted {
      let location = MailboxLocation(mailbox: batch.mailbox, uidValidity: batch.uidValidity, uid: mail.uid)
      if wasRenumbered, try transaction.reports.isStoredElsewhere(location, mail.content) { continue }
      new.append((mail.reading, NewReport(id: id, location: location, mail: mail.content, receivedAt: now)))
      id += 1
    }
    return new
  }

  func classify(_ mail: [UInt8]) -> SharedReading { SharedReading(settings.classifier.classify(mail)) }

  func read(_ mail: FetchedReport) -> ReadMail {
    ReadMail(uid: mail.uid, content: HashedMail(mail.raw), reading: classify(mail.raw))
  }
}

extension IntakeSummary {
  mutating func add(_ other: IntakeSummary) {
    bounces += other.bounces
    delays += other.delays
    complaints += other.complaints
    autoReplies += other.autoReplies
    replies += other.replies
    others += other.others
    suppressed += other.suppressed
    flagged += other.flagged
    restricted += other.restricted
    withheld += other.withheld
    unmatched += other.unmatched
  }

  mutating func count(_ kind: ReportKind) {
    switch kind {
    case .bounce: bounces += 1
    case .delay: delays += 1
    case .complaint: complaints += 1
    case .autoReply: autoReplies += 1
    case .reply: replies += 1
    case .other: others += 1
    }
  }
}
