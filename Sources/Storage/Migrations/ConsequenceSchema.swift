/// What people decide about reports, suppressions with scope and expiry, patterns of bounces, events of providers.
enum ConsequenceSchema {
  static let sqlite = report + suppression + events

  private static let report = """
    ALTER TABLE report ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE report ADD COLUMN envelope_id TEXT;
    ALTER TABLE report ADD COLUMN handled TEXT NOT NULL DEFAULT '';
    ALTER TABLE report ADD COLUMN label TEXT;
    CREATE INDEX report_replies ON report (id) WHERE kind = 'reply';
    CREATE INDEX report_message ON report (message_id, id) WHERE message_id IS NOT NULL;
    CREATE TRIGGER bounce_deleted AFTER DELETE ON bounce WHEN OLD.kind = 'bounce' BEGIN
      UPDATE counter SET value = value - 1 WHERE name = 'bounce';
    END;
    CREATE TRIGGER complaint_deleted AFTER DELETE ON complaint BEGIN
      UPDATE counter SET value = value - 1 WHERE name = 'complaint';
    END;
    CREATE TABLE report_rule (
      id INTEGER PRIMARY KEY, sender TEXT NOT NULL, subject TEXT NOT NULL, verdict TEXT NOT NULL,
      created_by TEXT NOT NULL, created_at INTEGER NOT NULL, UNIQUE (sender, subject)
    ) STRICT;

    """

  /// The suppression list anew: an address may be on it for everybody (`scope` 0) and for single accounts.
  private static let suppression = """
    CREATE TABLE suppression_scoped (
      id INTEGER PRIMARY KEY, address TEXT NOT NULL, scope INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL,
      source TEXT NOT NULL, added_at INTEGER NOT NULL, expires_at INTEGER, UNIQUE (address, scope)
    ) STRICT;
    INSERT INTO suppression_scoped (id, address, reason, source, added_at)
      SELECT id, address, reason, source, added_at FROM suppression;
    DROP TABLE suppression;
    ALTER TABLE suppression_scoped RENAME TO suppression;
    CREATE TRIGGER suppression_added AFTER INSERT ON suppression BEGIN
      UPDATE counter SET value = value + 1 WHERE name = 'suppression';
    END;
    CREATE TRIGGER suppression_removed AFTER DELETE ON suppression BEGIN
      UPDATE counter SET value = value - 1 WHERE name = 'suppression';
    END;

    """

  private static let events = """
    CREATE TABLE bounce_pattern (
      dimension TEXT NOT NULL, bucket INTEGER NOT NULL, value TEXT NOT NULL, bounce_class TEXT NOT NULL,
      count INTEGER NOT NULL, PRIMARY KEY (dimension, bucket, value, bounce_class)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE provider_event (
      identity TEXT PRIMARY KEY, provider TEXT NOT NULL, kind TEXT NOT NULL, occurred_at INTEGER NOT NULL,
      imported_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE message_event (
      id INTEGER PRIMARY KEY,
      message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
      kind TEXT NOT NULL, occurred_at INTEGER NOT NULL, source TEXT NOT NULL, detail TEXT NOT NULL
    ) STRICT;
    CREATE INDEX message_event_message ON message_event (message_id, id);
    CREATE TABLE message_stage (
      message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
      stage TEXT NOT NULL, rank INTEGER NOT NULL, changed_at INTEGER NOT NULL
    ) STRICT;
    """
}
