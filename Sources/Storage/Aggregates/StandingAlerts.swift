import GRDB
public import MailModel

/// Since when alerts stand: what the running engine has seen.
public struct StandingAlerts {
  let db: Database

  /// By the alerts' ids.
  public func all() throws -> [String: Timestamp] {
    let rows = try Row.fetchAll(db.cachedStatement(sql: "SELECT id, since FROM standing_alert"))
    return Dictionary(
      rows.map { ($0[0] as String, Timestamp(microseconds: $0[1])) }, uniquingKeysWith: { first, _ in first })
  }

  /// Those that stand now: new ones begin at `now`, the others are forgotten.
  public func set(_ ids: Set<String>, now: Timestamp) throws {
    for id in try all().keys where !ids.contains(id) {
      try db.cachedStatement(sql: "DELETE FROM standing_alert WHERE id = $1").execute(arguments: [id])
    }
    for id in ids.sorted() {
      try db.cachedStatement(sql: "INSERT INTO standing_alert (id, since) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING")
        .execute(arguments: [id, now.microseconds])
    }
  }
}
