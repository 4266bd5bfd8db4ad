import MailFormats
import MailModel
import MailPolicy
import Storage

/// What operations on reports share.
enum ReportMatching {
  static func processing(_ transaction: Transaction, _ context: OperationContext) throws -> ReportProcessing {
    guard let intake = context.intake else {
      throw OperationRefusal.notNow("reports cannot be read here: no workspace with rules and token key is open")
    }
    let settings = try intake()
    return ReportProcessing(
      settings: settings, rules: try transaction.reports.rules(),
      group: IntakeGroup(transaction, owner: settings.owner, now: context.now))
  }

  static func reading(_ report: Report, _ processing: ReportProcessing) throws -> SharedReading {
    guard let raw = try processing.transaction.reports.raw(of: report.id) else {
      throw OperationRefusal.notNow("the bytes of report \(report.id) are no longer stored")
    }
    return SharedReading(processing.settings.classifier.classify(raw))
  }

  /// Messages that a report may be about, best first.
  static func candidates(_ report: Report, _ processing: ReportProcessing) throws -> [RankedCandidate] {
    let classifier = processing.settings.classifier
    return try UnmatchedReading.details(of: report.id, classifier, in: processing.transaction)?.candidates ?? []
  }

  /// The message that was named, else the best candidate.
  /// - Parameter candidates: read only when none was named.
  static func message(
    for report: Report, _ request: OperationRequest, _ transaction: Transaction,
    candidates: () throws -> [RankedCandidate]
  ) throws -> Message {
    let named = (request.arguments["message"] ?? "").filter { !$0.isWhitespace }
    if named.isEmpty {
      guard let best = try candidates().first else {
        throw OperationRefusal.noTarget(
          "no message fits report \(report.id); say which one it is about: message=NUMBER")
      }
      return best.message
    }
    let id = try number(named, of: "a message")
    guard let message = try transaction.messages.get(id) else {
      throw OperationRefusal.badTarget(named, expected: "the number of a message")
    }
    guard message.wasAttempted else {
      throw OperationRefusal.badTarget(named, expected: "a message that was tried; nothing can report about it")
    }
    return message
  }

  /// What speaks for a message, among the candidates.
  static func reasons(_ message: Message, _ candidates: [RankedCandidate]) -> String {
    let reasons = candidates.first { $0.message.id == message.id }?.reasons ?? ["nothing speaks for it but you"]
    return reasons.joined(separator: ", ")
  }

  static func number(_ text: String, of what: String) throws(OperationRefusal) -> Int64 {
    try Operation.Argument.number(text, expected: "the number of \(what)")
  }

  /// The report that a rule is made of.
  static func only(_ request: OperationRequest) throws -> OperationRequest.Target {
    guard let target = request.targets.first, request.targets.count == 1 else {
      throw OperationRefusal.notNow("a rule is made of one report at a time")
    }
    return target
  }

  static func rule(from report: Report, _ request: OperationRequest, _ context: OperationContext) throws -> ReportRule {
    let word = request.choice("verdict")
    guard let verdict = ReportRule.Verdict(rawValue: word.isEmpty ? "dismiss" : word) else {
      throw OperationRefusal.badTarget(word, expected: "dismiss, autoreply, reply or other")
    }
    let given = request.arguments["subject"] ?? ""
    let subject = given.isEmpty ? report.subject : given == "*" ? "" : given
    return ReportRule(
      id: 0, sender: ReportRule.sender(of: report.from), subject: subject.lowercased(), verdict: verdict,
      createdBy: context.actor.name, createdAt: context.now)
  }

  /// Classifies and applies anew; what was proven before is not counted again.
  @discardableResult
  static func again(
    _ reports: [Report], _ transaction: Transaction, _ context: OperationContext
  ) throws -> IntakeSummary {
    let processing = try processing(transaction, context)
    var summary = IntakeSummary()
    for report in reports {
      let reading = try reading(report, processing)
      try transaction.reports.forgetUnproven(report.id)
      let given =
        report.correlation == .person ? try report.messageID.flatMap { try transaction.messages.get($0) } : nil
      summary.add(try processing.process(report.id, reading, given: given))
    }
    summary.add(try processing.group.finish())
    return summary
  }

  /// How many of them wait in *Unmatched* now: `; 1 in Unmatched`.
  static func unmatchedWords(_ reports: [Report], _ transaction: Transaction) throws -> String {
    let count = try reports.filter { try transaction.reports.get($0.id)?.isUnmatched ?? false }.count
    return count == 0 ? "" : "; \(count) in Unmatched"
  }

  /// Whoever replies that he wants no more gets none of this sender.
  static func unsubscribe(_ report: Report, _ transaction: Transaction, _ context: OperationContext) throws {
    guard report.correlation.isProof, let id = report.messageID, let message = try transaction.messages.get(id) else {
      throw OperationRefusal.notNow("report \(report.id) is not about a message of ours: suppress the address instead")
    }
    _ = try transaction.unsubscribe(
      message, source: "report \(report.id), \(context.actor.name)", now: context.now)
  }
}

extension OperationRequest.Target {
  func report(in transaction: Transaction) throws -> Report {
    guard let report = try transaction.reports.get(try rowID) else {
      throw OperationRefusal.badTarget(id, expected: "a report of this workspace")
    }
    if let version, version != report.version {
      throw OperationRefusal.changed("report \(id) changed since it was drawn; look again")
    }
    return report
  }

  func unmatched(in transaction: Transaction) throws -> Report {
    try report(in: transaction) { $0.isUnmatched }
  }

  /// A report that a person may match: an unmatched one, or an answer that nothing ties to a message.
  func matchable(in transaction: Transaction) throws -> Report {
    try report(in: transaction) { $0.canBeMatched }
  }

  private func report(in transaction: Transaction, _ waits: (Report) -> Bool) throws -> Report {
    let report = try report(in: transaction)
    guard waits(report) else {
      throw OperationRefusal.changed(
        "report \(id) is not unmatched\(report.handled.isEmpty ? "" : ": \(report.handled)")")
    }
    return report
  }
}

extension IntakeSummary {
  /// What followed, for summaries.
  var consequences: String { "\(suppressed) suppressed, \(flagged) flagged, \(restricted) restricted" }

  /// How many of which kind.
  var kinds: String {
    let counts = [
      ("bounce", "bounces", bounces), ("delay", "delays", delays), ("complaint", "complaints", complaints),
      ("auto-reply", "auto-replies", autoReplies), ("reply", "replies", replies), ("other", "others", others),
    ]
    return counts.filter { $0.2 > 0 }.map { Amount.words($0.2, $0.0, many: $0.1) }.joined(separator: ", ")
  }
}
