import MailFormats
public import MailModel
import MailPolicy
import Storage

/// An unmatched report with the messages it may be about.
public struct UnmatchedDetails: Sendable, Equatable {
  public var report: Report
  public var reading: ClassifiedReport
  /// Best first.
  public var candidates: [RankedCandidate]

  /// The recipients that the report names.
  public var recipients: [String] { reading.recipients.compactMap { $0.originalRecipient ?? $0.finalRecipient } }
}

/// Looks for the messages that a report may be about. Bounded: it costs the same whatever is stored.
enum UnmatchedReading {
  /// Messages looked through when the report names no recipient of ours.
  static let newest = 1_000
  /// Bytes of the report that are compared with messages.
  static let textLimit = 64 << 10

  /// - Returns: `nil` when there is no such report. - Throws: `StoreError`.
  static func details(
    of id: Report.ID, _ classifier: ReportClassifier, in transaction: Transaction
  ) throws -> UnmatchedDetails? {
    guard let report = try transaction.reports.get(id) else { return nil }
    let raw = try transaction.reports.raw(of: id) ?? []
    let reading = classifier.classify(raw)
    // An answer names no recipient: whoever wrote it is one.
    let recipients =
      report.kind.isAnswer ? [ReportRule.sender(of: reading.from)] : reading.recipients.flatMap(\.names)
    let evidence = ReportEvidence(
      receivedAt: report.receivedAt, recipients: recipients, subject: reading.subject,
      text: String(decoding: raw.prefix(textLimit), as: UTF8.self).lowercased(), reportingMTA: reading.reportingMTA,
      sentTo: reading.tokenCandidates.map { $0.lowercased() })
    // Of a report about several those that were matched are done with.
    let matched = try transaction.bounces.provenRecipients(of: id)
    let messages = try messages(evidence, reading, in: transaction).filter { !matched.contains($0.recipient) }
    var ranked = CandidateRanking.rank(evidence, messages)
    var relays: [Message.ID: String] = [:]
    for candidate in ranked {
      relays[candidate.message.id] = try transaction.attempts.list(of: candidate.message.id).last?.relay
    }
    ranked = CandidateRanking.rank(evidence, ranked.map(\.message), relayOf: relays)
    return UnmatchedDetails(report: report, reading: reading, candidates: ranked)
  }

  private static func messages(
    _ evidence: ReportEvidence, _ reading: ClassifiedReport, in transaction: Transaction
  ) throws -> [Message] {
    var found: [Message.ID: Message] = [:]
    for address in evidence.recipients.prefix(20) {
      let since = evidence.receivedAt - .days(60)
      for message in try transaction.messages.find(recipient: address, sentAfter: since) { found[message.id] = message }
    }
    let cited = [reading.originalMessageID].compactMap { $0 } + reading.references
    for id in cited.prefix(20) {
      for message in try transaction.messages.find(messageID: id).prefix(20) { found[message.id] = message }
    }
    if found.isEmpty {
      for message in try transaction.messages.page(MessageQuery(limit: newest)).rows { found[message.id] = message }
    }
    return found.values.filter(\.wasAttempted)
  }
}

extension OpenWorkspace {
  /// Reads reports for views, where only what they name matters. A mistake in the rules is told by the scan, and leaves what
  /// stands in fields.
  var viewClassifier: ReportClassifier { ReportClassifier(rules: (try? bounceRules()) ?? .none) }

  /// - Throws: `OperationRefusal.badTarget` when there is no such report; `StoreError`.
  public func unmatched(_ id: Report.ID) throws -> UnmatchedDetails {
    let classifier = viewClassifier
    guard let details = try store.read({ try UnmatchedReading.details(of: id, classifier, in: $0) }) else {
      throw OperationRefusal.badTarget("\(id)", expected: "a report of this workspace")
    }
    return details
  }
}
