import MailModel
import Storage

/// A rule made of an unmatched report, and all reports that fit it now read again: however many there are, a few hundred
/// in one transaction.
struct RuleMaking: OperationParts {
  /// Reports read in one transaction.
  static let batch = 200

  private let request: OperationRequest
  private let target: OperationRequest.Target
  private var rule: ReportRule?
  private var isMade = false
  private var position: PagePosition? = .start
  private var pending: [Report.ID] = []
  private var taken = 0

  /// - Throws: `OperationRefusal` when it is not of one report.
  init(_ request: OperationRequest) throws {
    self.request = request
    target = try ReportMatching.only(request)
  }

  mutating func gather(_ store: Store, _ context: OperationContext) throws -> Bool {
    let rule =
      try rule
      ?? store.read { transaction in
        try ReportMatching.rule(from: target.unmatched(in: transaction), request, context)
      }
    self.rule = rule
    pending = []
    while pending.isEmpty, let position {
      let page = try store.read {
        try $0.reports.unmatched(from: rule.sender, position: position, limit: RuleMaking.batch)
      }
      pending = page.rows.filter { rule.fits(ClassifiedReport(kind: $0.kind, from: $0.from, subject: $0.subject)) }
        .map(\.id)
      self.position = page.hasMore ? page.last.map(PagePosition.after) : nil
    }
    return !isMade || !pending.isEmpty
  }

  mutating func perform(_ transaction: Transaction, _ context: OperationContext) throws -> Effect {
    if !isMade { try make(transaction) }
    // Somebody may have dealt with one meanwhile.
    let reports = try pending.compactMap { try transaction.reports.get($0) }.filter(\.isUnmatched)
    try ReportMatching.again(reports, transaction, context)
    taken += reports.count
    let effect = effect(reports.count, changed: isMade ? reports.count : 1)
    isMade = true
    return effect
  }

  private func make(_ transaction: Transaction) throws {
    _ = try target.unmatched(in: transaction)
    guard let rule, try transaction.reports.addRule(rule) else {
      throw OperationRefusal.changed("there is a rule for \(rule?.sender ?? "") and this subject already")
    }
  }

  var total: Effect { effect(taken, changed: 1) }

  private func effect(_ count: Int, changed: Int) -> Effect {
    Effect(
      "rule made; \(Amount.words(count, "report")) taken as \(rule?.verdict.rawValue ?? "")",
      subject: "report:\(target.id)",
      details: [
        "sender": rule?.sender ?? "", "subject": rule?.subject ?? "", "verdict": rule?.verdict.rawValue ?? "",
        "taken": "\(count)",
      ], changed: changed)
  }

  func preview(_ store: Store, _ context: OperationContext) throws -> Preview {
    var reading = self
    var fitting = 0
    while try reading.gather(store, context), !reading.pending.isEmpty { fitting += reading.pending.count }
    guard let rule = reading.rule else { return Preview(summary: "", isEmpty: true) }
    let subject = rule.subject.isEmpty ? "any subject" : "a subject with '\(rule.subject)'"
    return Preview(
      summary: "mails of \(rule.sender) with \(subject): \(rule.verdict.rawValue)",
      lines: ["unmatched reports that fit now and are taken so at once: \(fitting)"])
  }
}
