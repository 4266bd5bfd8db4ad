public import MailModel
import MailPolicy
import Storage

/// An alert with who has it: how far up it has come by time alone, how to reach them, and since when it stands.
public struct AlertStanding: Sendable, Equatable {
  public var alert: Alert
  /// `nil` while no engine has seen it.
  public var since: Timestamp?
  /// Level 1 while the response time runs, one more for each that passes.
  public var escalation: Escalation

  /// `since 04:12:00 (12 min), answer within 15 min; L1 Operations: Ana (phone …)`.
  public func words(now: Timestamp) -> String {
    let limit = "answer within \(alert.respondWithin.words)"
    let age = since.map {
      "since \(Clockface.text($0)) (\(max(Span(microseconds: 0), now - $0).words)), \(limit)"
    }
    return "\(age ?? "not seen by an engine yet, \(limit)"); \(escalation.words)"
  }
}

extension Overview {
  /// Every alert with who has it now, worst first.
  public func standingAlerts(_ contacts: Contacts) -> [AlertStanding] {
    alerts.map { alert in
      let since = alertsSince[alert.id]
      let level = since.map {
        EscalationRules.level(since: $0, respondWithin: alert.respondWithin, now: takenAt)
      }
      return AlertStanding(
        alert: alert, since: since, escalation: contacts.escalation(level: level ?? 1, since: since ?? takenAt))
    }
  }
}

/// Remembers since when alerts stand. Writes only when one came or went.
enum AlertWatch {
  static func run(_ store: Store, _ reading: VitalsReading = VitalsReading(), now: Timestamp) throws {
    func standing(_ transaction: Transaction) throws -> Set<String> {
      let vitals = try reading.vitals(transaction, now: now)
      let alerts = AlertRules.alerts(vitals, permit: try? transaction.permit.read(), thresholds: reading.thresholds)
      return Set(alerts.map(\.id))
    }
    let hasChanged = try store.read { try standing($0) != Set($0.standingAlerts.all().keys) }
    guard hasChanged else { return }
    try store.write { try $0.standingAlerts.set(standing($0), now: now) }
  }
}
