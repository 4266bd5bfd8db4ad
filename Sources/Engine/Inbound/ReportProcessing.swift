import MailFormats
import MailModel
import MailPolicy
import Storage

/// What processing a report needs besides the report.
public struct IntakeSettings: Sendable {
  var classifier: ReportClassifier
  var correlator: Correlator
  var restriction: RestrictionPolicy
  var reports: ReportPolicySettings
  /// Ids of the runbook's steps, for the cases that complaints open; read only when one does.
  var caseSteps: @Sendable () throws -> [String] = { [] }
  var notices: NoticeDesk = .silent
  /// The escalation path, for telling our own people.
  var contacts: @Sendable () throws -> Contacts = { .none }
  var owner: String
}

/// One report to its consequences, inside a transaction: correlate, heed people's rules, apply policy, record.
struct ReportProcessing {
  let settings: IntakeSettings
  let rules: [ReportRule]
  let group: IntakeGroup

  var now: Timestamp { group.now }
  var transaction: Transaction { group.transaction }

  /// Stores a report and takes it to its consequences.
  func process(_ report: NewReport, _ read: SharedReading) throws -> IntakeSummary {
    try process(report.id, read) { reading, best, isUnmatched in
      var classified = report
      classified.reading = reading
      classified.correlation = best.correlation
      classified.messageID = best.message?.id
      classified.isUnmatched = isUnmatched
      group.add(classified)
    }
  }

  /// Takes a stored report to its consequences.
  /// - Parameter given: the message that a person says it is about.
  func process(_ id: Report.ID, _ read: SharedReading, given: Message? = nil) throws -> IntakeSummary {
    try process(id, read, given: given) { reading, best, isUnmatched in
      try transaction.reports.classify(
        id, reading.report, correlation: best.correlation, message: best.message?.id, isUnmatched: isUnmatched)
    }
  }

  private func process(
    _ id: Report.ID, _ read: SharedReading, given: Message? = nil,
    record: (SharedReading, Correlator.Match, _ isUnmatched: Bool) throws -> Void
  ) throws -> IntakeSummary {
    var reading = read
    var matches = try matches(reading.report, given)
    var best = Correlator.Match(correlation: .none, message: nil)
    for match in matches where match.1.correlation.strength > best.correlation.strength { best = match.1 }
    var isDismissed = false
    // Rules of people never stand against proof: what is provenly about our mail always has its consequences.
    if !best.correlation.isProof, let rule = rules.first(where: { $0.fits(reading.report) }) {
      isDismissed = rule.verdict == .dismiss
      if let kind = rule.kind {
        var ruled = reading.report
        ruled.kind = kind
        ruled.why = "rule \(rule.id) of \(rule.createdBy)"
        reading = SharedReading(ruled)
        matches = [(nil, best)]
      }
    }
    let isOpen = try best.correlation.isProof ? given != nil && leavesOthers(id, matches) : !isDismissed
    let isUnmatched = reading.report.kind.concernsDelivery && isOpen
    try record(reading, best, isUnmatched)
    var application = ReportApplication(reportID: id, reading: reading, settings: settings, group: group)
    for (recipient, match) in matches { try application.apply(recipient, match) }
    var summary = application.summary
    if isUnmatched {
      summary.unmatched.append(
        reading.report.recipients.first.flatMap { $0.originalRecipient ?? $0.finalRecipient } ?? "report \(id)")
    }
    summary.count(reading.report.kind)
    return summary
  }

  /// Whether a report that a person matched names others besides whom we may have sent to: they are matched one by one.
  private func leavesOthers(_ id: Report.ID, _ matches: [(ReportedRecipient?, Correlator.Match)]) throws -> Bool {
    let rest = matches.filter { $0.1.correlation == .recipient }.compactMap(\.1.message?.recipient)
    return try !rest.isEmpty && !transaction.bounces.provenRecipients(of: id).isSuperset(of: rest)
  }

  /// Whether it tells of a delivery or is about a message of ours.
  func isOurs(_ reading: ClassifiedReport) throws -> Bool {
    try reading.kind.concernsDelivery || matches(reading, nil).contains { $0.1.message != nil }
  }

  func matches(
    _ reading: ClassifiedReport, _ given: Message?
  ) throws -> [(ReportedRecipient?, Correlator.Match)] {
    let perRecipient = reading.kind == .bounce || reading.kind == .delay
    let recipients: [ReportedRecipient?] =
      perRecipient && !reading.recipients.isEmpty
      ? reading.recipients.map(Optional.some) : [reading.recipients.first]
    var meant: Int?
    if let given {
      let ours = given.recipient.lowercased()
      meant = recipients.firstIndex { $0?.names.contains(ours) ?? false } ?? 0
    }
    return try recipients.enumerated().map { index, recipient in
      if let given, index == meant { return (recipient, Correlator.Match(correlation: .person, message: given)) }
      return (
        recipient,
        try settings.correlator.match(
          reading, recipient: recipient, in: group, searches: index < Correlator.searchedRecipients)
      )
    }
  }
}

extension Correlation {
  /// Greater is surer.
  var strength: Int { Correlation.allCases.count - (Correlation.allCases.firstIndex(of: self) ?? 0) }
}

extension ReportRule {
  /// The address in From of a report, lower case: what rules go by.
  static func sender(of from: String) -> String {
    (AddressList.parse(from).first?.address ?? from).lowercased()
  }

  func fits(_ reading: ClassifiedReport) -> Bool {
    sender == ReportRule.sender(of: reading.from)
      && (subject.isEmpty || reading.subject.lowercased().contains(subject))
  }

  /// What the report is instead; `nil` when it stays what it is.
  var kind: ReportKind? {
    switch verdict {
    case .dismiss: nil
    case .other: .other
    case .autoReply: .autoReply
    case .reply: .reply
    }
  }
}
