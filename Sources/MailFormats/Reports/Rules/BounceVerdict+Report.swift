internal import MailModel

extension ReportedRecipient {
  /// Keeps what was decided, and what decided it.
  mutating func take(_ verdict: BounceVerdict) {
    bounceClass = verdict.reason.bounceClass
    reason = verdict.reason.words
    mayPass = verdict.reason.mayPass
    rule = verdict.rule
    evidence = verdict.line
  }
}

extension ClassifiedReport {
  /// Puts the first failure's reason and rule into ``why``.
  mutating func explainFirstFailure() {
    guard let first = recipients.first(where: { $0.action == .failed }) else { return }
    why += ", \(first.reason) (\(first.rule))"
  }
}
