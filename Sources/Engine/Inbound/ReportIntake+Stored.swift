import MailModel
import Storage

/// Reports that are in the store and wait for their consequences.
extension ReportIntake {
  /// Processes everything that is stored and not classified yet. Safe to repeat after a crash.
  /// - Throws: what kept the first report back that could not be processed, after all others: `ConfigurationError` when
  ///   reports wait for a file that cannot be read. `StoreError` at once when the store takes nothing.
  public func processStored() throws -> IntakeSummary {
    var summary = IntakeSummary()
    var last: Report.ID = 0
    var problem: (any Error)?
    var left = 0
    while true {
      let waiting = try store.read { try $0.reports.unclassified(after: last, limit: 100) }
      guard let newest = waiting.last else { break }
      last = newest.id
      let reports = waiting.map { StoredReport(id: $0.id, raw: $0.raw) }
      do { summary.add(try process(reports)) } catch let error where ReportIntake.isOfOneReport(error) {
        let part = try processEach(reports)
        summary.add(part.summary)
        left += part.left
        problem = problem ?? part.problem
      }
    }
    guard let problem else { return summary }
    guard var known = problem as? ConfigurationError else { throw problem }
    known.expected += "; \(Amount.words(left, "report")) in the store \(left == 1 ? "waits" : "wait") for it"
    throw known
  }

  /// One a transaction: those that cannot be processed now wait in the store, and hold up no others.
  private func processEach(
    _ reports: [StoredReport]
  ) throws -> (summary: IntakeSummary, left: Int, problem: (any Error)?) {
    var summary = IntakeSummary()
    var left = 0
    var problem: (any Error)?
    for report in reports {
      do { summary.add(try process([report])) } catch let error where ReportIntake.isOfOneReport(error) {
        left += 1
        problem = problem ?? error
      }
    }
    return (summary, left, problem)
  }

  /// Whether other reports may fare better: a store that takes nothing takes none of them.
  private static func isOfOneReport(_ error: any Error) -> Bool {
    switch error as? StoreError {
    case nil, .refused, .other: true
    default: false
    }
  }

  /// Classifies, then applies in one transaction.
  func process(_ reports: [StoredReport]) throws -> IntakeSummary {
    let readings = reports.map { classify($0.raw) }
    let now = clock.now()
    return try store.write { transaction in
      let group = IntakeGroup(transaction, owner: settings.owner, now: now)
      let processing = ReportProcessing(settings: settings, rules: try transaction.reports.rules(), group: group)
      try group.readAhead(readings)
      var summary = IntakeSummary()
      for (report, reading) in zip(reports, readings) {
        // Another process may have been faster.
        guard try transaction.reports.isUnclassified(report.id) else { continue }
        summary.add(try processing.process(report.id, reading))
      }
      summary.add(try group.finish())
      return summary
    }
  }
}

/// A report that is committed and waits to be classified.
struct StoredReport: Sendable {
  var id: Report.ID
  var raw: [UInt8]
}
