/// Reports as fetched (raw bytes apart), and what was read out of them: bounces and complaints.
enum ReportSchema {
  static let sqlite = """
    CREATE TABLE mailbox (
      name TEXT PRIMARY KEY,
      uid_validity INTEGER,
      last_uid INTEGER,
      scanned_at INTEGER,
      fetched INTEGER NOT NULL DEFAULT 0,
      error TEXT
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE report (
      id INTEGER PRIMARY KEY,
      mailbox TEXT NOT NULL,
      uid_validity INTEGER NOT NULL,
      uid INTEGER NOT NULL,
      received_at INTEGER NOT NULL,
      hash BLOB NOT NULL,
      is_flagged INTEGER NOT NULL DEFAULT 0,
      is_classified INTEGER NOT NULL DEFAULT 0,
      is_unmatched INTEGER NOT NULL DEFAULT 0,
      kind TEXT NOT NULL DEFAULT 'other',
      sender TEXT NOT NULL DEFAULT '',
      subject TEXT NOT NULL DEFAULT '',
      correlation TEXT NOT NULL DEFAULT 'none',
      message_id INTEGER REFERENCES message (id) ON DELETE SET NULL,
      original_message_id TEXT,
      feedback_type TEXT,
      why TEXT NOT NULL DEFAULT '',
      UNIQUE (mailbox, uid_validity, uid)
    ) STRICT;
    CREATE INDEX report_hash ON report (mailbox, hash);
    CREATE INDEX report_unclassified ON report (id) WHERE is_classified = 0;
    CREATE INDEX report_unflagged ON report (mailbox, uid_validity, uid) WHERE is_flagged = 0;
    CREATE INDEX report_unmatched ON report (id) WHERE is_unmatched = 1;
    CREATE TRIGGER report_matched AFTER UPDATE OF is_unmatched ON report WHEN OLD.is_unmatched <> NEW.is_unmatched BEGIN
      UPDATE counter SET value = value + NEW.is_unmatched - OLD.is_unmatched WHERE name = 'report.unmatched';
    END;

    CREATE TABLE report_raw (
      report_id INTEGER PRIMARY KEY REFERENCES report (id) ON DELETE CASCADE, bytes BLOB NOT NULL
    ) STRICT;

    CREATE TABLE bounce (
      id INTEGER PRIMARY KEY,
      report_id INTEGER NOT NULL REFERENCES report (id) ON DELETE CASCADE,
      message_id INTEGER REFERENCES message (id) ON DELETE SET NULL,
      account_id INTEGER REFERENCES account (id),
      recipient TEXT NOT NULL,
      kind TEXT NOT NULL,
      bounce_class TEXT NOT NULL,
      status TEXT,
      reason TEXT NOT NULL,
      diagnostic TEXT NOT NULL,
      correlation TEXT NOT NULL,
      consequence TEXT NOT NULL,
      occurred_at INTEGER NOT NULL,
      UNIQUE (report_id, recipient)
    ) STRICT;
    CREATE INDEX bounce_recipient ON bounce (recipient, id);
    CREATE TRIGGER bounce_inserted AFTER INSERT ON bounce WHEN NEW.kind = 'bounce' BEGIN
      UPDATE counter SET value = value + 1 WHERE name = 'bounce';
      UPDATE account SET bounce_count = bounce_count + 1 WHERE id = NEW.account_id;
    END;

    CREATE TABLE complaint (
      id INTEGER PRIMARY KEY,
      version INTEGER NOT NULL DEFAULT 1,
      report_id INTEGER NOT NULL UNIQUE REFERENCES report (id) ON DELETE CASCADE,
      message_id INTEGER REFERENCES message (id) ON DELETE SET NULL,
      account_id INTEGER REFERENCES account (id),
      recipient TEXT,
      feedback_type TEXT NOT NULL,
      correlation TEXT NOT NULL,
      is_dismissed INTEGER NOT NULL DEFAULT 0,
      consequence TEXT NOT NULL,
      occurred_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX complaint_account ON complaint (account_id, occurred_at);
    CREATE TRIGGER complaint_inserted AFTER INSERT ON complaint BEGIN
      UPDATE counter SET value = value + 1 WHERE name = 'complaint';
    END;
    """
}
