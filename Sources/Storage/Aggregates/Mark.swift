import GRDB

/// The database's half of the workspace's mark: a random token, and how far it has come.
public struct Mark {
  let db: Database

  /// How many attempts and audit rows there ever were: neither ever goes back.
  public struct Progress: Sendable, Equatable {
    public var attempts: Int64
    public var auditRows: Int64

    public init(attempts: Int64, auditRows: Int64) {
      self.attempts = attempts
      self.auditRows = auditRows
    }
  }

  /// `nil` before the first mark.
  public func token() throws -> String? {
    try String.fetchOne(db.cachedStatement(sql: "SELECT token FROM mark WHERE id = 1"))
  }

  public func replace(token: String) throws {
    try db.cachedStatement(
      sql: "INSERT INTO mark (id, token) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET token = excluded.token"
    ).execute(arguments: [token])
  }

  public func progress() throws -> Progress {
    let rows = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT name, seq FROM sqlite_sequence WHERE name IN ('attempt', 'audit')"))
    let values = Dictionary(rows.map { ($0[0] as String, $0[1] as Int64) }, uniquingKeysWith: max)
    return Progress(attempts: values["attempt"] ?? 0, auditRows: values["audit"] ?? 0)
  }
}
