/// Notices with their delivery state.
enum NoticeSchema {
  static let sqlite = """
    INSERT INTO counter (name) VALUES ('notice.queued'), ('notice.sent'), ('notice.failed'), ('notice.suppressed');

    CREATE TABLE notice (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      version INTEGER NOT NULL DEFAULT 1,
      state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'failed', 'suppressed')),
      kind TEXT NOT NULL,
      channel TEXT NOT NULL CHECK (channel IN ('email', 'webhook')),
      target TEXT NOT NULL,
      account_id INTEGER REFERENCES account (id),
      case_id INTEGER,
      subject TEXT NOT NULL,
      body TEXT NOT NULL,
      message_id INTEGER,
      attempts INTEGER NOT NULL DEFAULT 0,
      next_attempt_at INTEGER NOT NULL,
      last_error TEXT NOT NULL DEFAULT '',
      created_at INTEGER NOT NULL,
      created_by TEXT NOT NULL,
      changed_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX notice_due ON notice (channel, next_attempt_at, id) WHERE state = 'queued';
    CREATE INDEX notice_account ON notice (account_id, id);
    CREATE INDEX notice_case ON notice (case_id, id) WHERE case_id IS NOT NULL;
    CREATE INDEX notice_exceptions ON notice (state, id) WHERE state IN ('queued', 'failed', 'suppressed');
    CREATE TRIGGER notice_inserted AFTER INSERT ON notice BEGIN
      UPDATE counter SET value = value + 1 WHERE name = 'notice.' || NEW.state;
    END;
    CREATE TRIGGER notice_moved AFTER UPDATE OF state ON notice WHEN OLD.state <> NEW.state BEGIN
      UPDATE counter SET value = value - 1 WHERE name = 'notice.' || OLD.state;
      UPDATE counter SET value = value + 1 WHERE name = 'notice.' || NEW.state;
    END;
    """
}
