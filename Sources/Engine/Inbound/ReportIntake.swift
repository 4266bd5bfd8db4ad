import Logging
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
  /// Recipients of reports that could not be tied to a message of ours.
  public var unmatched: [String] = []

  public init() {}
}

/// Stored reports to their consequences: classify, correlate, apply policy, one transaction a report.
public struct ReportIntake: Sendable {
  let store: Store
  let classifier: ReportClassifier
  let correlator: Correlator
  let restriction: RestrictionPolicy
  let caseSteps: [String]
  let notices: NoticeDesk
  let clock: any Clock
  let owner: String

  /// - Parameter caseSteps: ids of the runbook's steps, for the cases that complaints open.
  public init(
    store: Store, rules: BounceRules, tokenKey: [UInt8], restriction: RestrictionPolicy, caseSteps: [String],
    notices: NoticeDesk = .silent, clock: any Clock, owner: String
  ) {
    self.store = store
    classifier = ReportClassifier(rules: rules)
    self.correlator = Correlator(key: VERPKey(tokenKey))
    self.restriction = restriction
    self.caseSteps = caseSteps
    self.notices = notices
    self.clock = clock
    self.owner = owner
  }

  /// Processes everything that is stored and not classified yet. Safe to repeat after a crash.
  /// - Throws: `StoreError`.
  public func processStored() throws -> IntakeSummary {
    var summary = IntakeSummary()
    while true {
      let reports = try store.read { try $0.reports.unclassified(limit: 100) }
      guard !reports.isEmpty else { return summary }
      let classified = reports.map { ($0, classifier.classify($0.raw)) }
      try store.write { transaction in
        for (report, reading) in classified {
          try process(report, reading, &summary, in: transaction)
        }
      }
    }
  }

  private func process(
    _ report: Reports.Unclassified, _ reading: ClassifiedReport, _ summary: inout IntakeSummary,
    in transaction: Transaction
  ) throws {
    let now = clock.now()
    var application = ReportApplication(
      reportID: report.id, reading: reading, restriction: restriction, caseSteps: caseSteps, notices: notices,
      owner: owner, now: now, transaction: transaction)
    var best: (correlation: Correlation, message: Message?) = (.none, nil)
    let recipients: [ReportedRecipient?] =
      reading.kind == .bounce || reading.kind == .delay
      ? reading.recipients.map(Optional.some) : [reading.recipients.first]
    for recipient in recipients.isEmpty ? [nil] : recipients {
      let match = try correlator.match(reading, recipient: recipient, now: now, in: transaction)
      if match.correlation.strength > best.correlation.strength { best = (match.correlation, match.message) }
      try application.apply(recipient, match)
    }
    let concernsUs = [.bounce, .complaint, .delay].contains(reading.kind)
    let isUnmatched = concernsUs && !best.correlation.isProof
    try transaction.reports.classify(
      report.id, reading, correlation: best.correlation, message: best.message?.id, isUnmatched: isUnmatched)
    if isUnmatched {
      application.summary.unmatched.append(
        reading.recipients.first.flatMap { $0.originalRecipient ?? $0.finalRecipient } ?? "report \(report.id)")
    }
    summary.add(application.summary)
    summary.count(reading.kind)
  }
}

extension Correlation {
  /// Greater is surer.
  fileprivate var strength: Int { Correlation.allCases.count - (Correlation.allCases.firstIndex(of: self) ?? 0) }
}

extension IntakeSummary {
  mutating func add(_ other: IntakeSummary) {
    suppressed += other.suppressed
    flagged += other.flagged
    restricted += other.restricted
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
