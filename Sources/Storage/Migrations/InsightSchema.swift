/// What waits by destination and by age, how long delivery takes, and why it does not succeed: counted as it happens,
/// because nobody can count a million rows while somebody waits for the screen.
///
/// Queued to armed is counted for many rows at once (`Destinations.left`), as the other counters do.
enum InsightSchema {
  /// The classes a waiting message is counted in; everything else has left the queue or is on a connection.
  private static let waiting = "('queued', 'held', 'uncertain')"

  /// The domain of a recipient: what follows its last `@`, in lower case.
  private static func domain(_ row: String) -> String {
    let recipient = row.isEmpty ? "recipient" : "\(row).recipient"
    return "lower(replace(\(recipient), rtrim(\(recipient), replace(\(recipient), '@', '')), ''))"
  }

  /// Queued messages that were tried before are deferred.
  private static func kind(_ row: String) -> String {
    let prefix = row.isEmpty ? "" : "\(row)."
    return "CASE WHEN \(prefix)state = 'queued' AND \(prefix)attempt_count > 0 THEN 'deferred' ELSE \(prefix)state END"
  }

  /// Five minutes in which messages were enqueued: as finely as ages are told apart.
  private static func cohort(_ row: String) -> String {
    let enqueued = row.isEmpty ? "enqueued_at" : "\(row).enqueued_at"
    return "\(enqueued) - \(enqueued) % 300000000"
  }

  private static let entered = """
      INSERT INTO destination (domain, kind, value) VALUES (\(domain("NEW")), \(kind("NEW")), 1)
        ON CONFLICT (domain, kind) DO UPDATE SET value = value + 1;
      INSERT INTO destination_age (domain, kind, cohort, value)
        VALUES (\(domain("NEW")), \(kind("NEW")), \(cohort("NEW")), 1)
        ON CONFLICT (domain, kind, cohort) DO UPDATE SET value = value + 1;
    """

  static let sqlite = """
    CREATE TABLE destination (
      domain TEXT NOT NULL, kind TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (domain, kind)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE destination_age (
      domain TEXT NOT NULL, kind TEXT NOT NULL, cohort INTEGER NOT NULL, value INTEGER NOT NULL,
      PRIMARY KEY (domain, kind, cohort)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO destination (domain, kind, value)
      SELECT \(domain("")), \(kind("")), count(*) FROM message WHERE state IN \(waiting) GROUP BY 1, 2;
    INSERT INTO destination_age (domain, kind, cohort, value)
      SELECT \(domain("")), \(kind("")), \(cohort("")), count(*) FROM message WHERE state IN \(waiting)
      GROUP BY 1, 2, 3;

    CREATE TRIGGER message_came_to_wait AFTER INSERT ON message WHEN NEW.state IN \(waiting) BEGIN
    \(entered)
    END;
    CREATE TRIGGER message_waits_again AFTER UPDATE OF state ON message
    WHEN OLD.state <> NEW.state AND NEW.state IN \(waiting) BEGIN
    \(entered)
    END;
    CREATE TRIGGER message_waits_no_more AFTER UPDATE OF state ON message
    WHEN OLD.state <> NEW.state AND OLD.state IN \(waiting) AND NOT (OLD.state = 'queued' AND NEW.state = 'armed') BEGIN
      UPDATE destination SET value = value - 1 WHERE domain = \(domain("OLD")) AND kind = \(kind("OLD"));
      UPDATE destination_age SET value = value - 1
        WHERE domain = \(domain("OLD")) AND kind = \(kind("OLD")) AND cohort = \(cohort("OLD"));
    END;
    CREATE TRIGGER destination_emptied AFTER UPDATE OF value ON destination WHEN NEW.value <= 0 BEGIN
      DELETE FROM destination WHERE domain = NEW.domain AND kind = NEW.kind;
    END;
    CREATE TRIGGER destination_age_emptied AFTER UPDATE OF value ON destination_age WHEN NEW.value <= 0 BEGIN
      DELETE FROM destination_age WHERE domain = NEW.domain AND kind = NEW.kind AND cohort = NEW.cohort;
    END;

    CREATE TABLE latency (
      bucket INTEGER NOT NULL, stage TEXT NOT NULL, bin INTEGER NOT NULL, value INTEGER NOT NULL,
      PRIMARY KEY (bucket, stage, bin)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE delivery_reason (
      bucket INTEGER NOT NULL, domain TEXT NOT NULL, outcome TEXT NOT NULL, reply_code INTEGER NOT NULL,
      enhanced_status TEXT NOT NULL, shape TEXT NOT NULL, value INTEGER NOT NULL, last_at INTEGER NOT NULL,
      PRIMARY KEY (bucket, domain, outcome, reply_code, enhanced_status, shape)
    ) STRICT, WITHOUT ROWID;
    """
}
