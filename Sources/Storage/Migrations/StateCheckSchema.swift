import GRDB

/// The states of a message, told to SQLite one by one instead of as a list.
///
/// The rule is the same. A list makes SQLite set up a tree and search it for every row that an arrow changes: that was a
/// quarter of what the arrow cost. A CHECK is changed where it stands, in the schema's text, as SQLite's documentation
/// has it for constraints ("Making Other Kinds Of Table Schema Changes"): copying a million messages into a new table
/// would take the queue away for minutes. The guard of the epochs looks after the row was written instead of before: what
/// looks before makes SQLite read the row again.
enum StateCheckSchema {
  private static let list = """
    CHECK (state IN
        ('queued', 'leased', 'armed', 'sent', 'failed', 'uncertain', 'held', 'cancelled', 'expired', 'suppressed'))
    """

  private static let oneByOne = """
    CHECK (state = 'queued' OR state = 'armed' OR state = 'sent'
        OR state = 'leased' OR state = 'failed' OR state = 'uncertain' OR state = 'held' OR state = 'cancelled'
        OR state = 'expired' OR state = 'suppressed')
    """

  private static let epochs = """
    DROP TRIGGER message_epoch_grows;
    CREATE TRIGGER message_epoch_grows AFTER UPDATE OF epoch ON message WHEN NEW.epoch < OLD.epoch BEGIN
      SELECT RAISE(ABORT, 'an epoch never goes back');
    END;
    """

  static func migrate(_ db: Database) throws {
    let version = try Int.fetchOne(db, sql: "PRAGMA schema_version") ?? 0
    try db.execute(sql: "PRAGMA writable_schema = ON")
    try db.execute(
      sql: """
        UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'message' AND instr(sql, ?)
        """, arguments: [list, oneByOne, list])
    let isFound = db.changesCount == 1
    // Every connection, this one first, reads the schema anew.
    try db.execute(sql: "PRAGMA schema_version = \(version + 1); PRAGMA writable_schema = RESET")
    guard isFound else { throw DatabaseError(message: "the table of messages is not as this program made it") }
    try db.execute(sql: epochs)
  }
}
