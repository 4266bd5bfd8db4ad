import GRDB
import MailModel

/// Counts that triggers keep, so that no screen ever counts rows.
public struct Counters {
  let db: Database

  /// All of them, such as `message.queued`, `suppression`, `report.unmatched`.
  public func all() throws -> [String: Int] {
    let rows = try Row.fetchAll(db.cachedStatement(sql: "SELECT name, value FROM counter"))
    return Dictionary(rows.map { ($0[0], $0[1]) }, uniquingKeysWith: { first, _ in first })
  }
}

extension Counters {
  /// Messages that moved along an arrow whose rows no trigger counts, because it is taken by many at once: queued to
  /// armed and armed to sent.
  func moved(_ source: MessageState, to target: MessageState, count: Int) throws {
    try add("message.\(source.rawValue)", -count)
    try add("message.\(target.rawValue)", count)
  }

  /// Rows that no trigger counts, because many are written at once (`IntakeSchema`, `TransitionSchema`).
  func add(_ name: String, _ count: Int) throws {
    guard count != 0 else { return }
    try db.cachedStatement(sql: "UPDATE counter SET value = value + $1 WHERE name = $2")
      .execute(arguments: [count, name])
  }
}
