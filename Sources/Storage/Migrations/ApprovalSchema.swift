/// Requests for a second person, break-glass, and which accounts an audit event is about.
///
/// The schema itself refuses that one person decides about what the same person asked for (fault 41), and that a
/// decision is changed afterwards.
enum ApprovalSchema {
  static let sqlite = """
    INSERT INTO counter (name) VALUES ('approval.pending'), ('approval.alone');

    CREATE TABLE approval (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      version INTEGER NOT NULL DEFAULT 1,
      state TEXT NOT NULL CHECK (state IN
        ('pending', 'approved', 'rejected', 'withdrawn', 'expired', 'alone', 'reviewed', 'objected')),
      operation TEXT NOT NULL,
      request TEXT NOT NULL,
      preview TEXT NOT NULL,
      why TEXT NOT NULL,
      reason TEXT NOT NULL,
      requested_by TEXT NOT NULL,
      requested_role TEXT NOT NULL,
      requested_from TEXT NOT NULL,
      requested_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      decided_by TEXT,
      decided_at INTEGER,
      decision TEXT NOT NULL DEFAULT '',
      is_open INTEGER NOT NULL GENERATED ALWAYS AS (CASE WHEN state IN ('pending', 'alone') THEN 1 ELSE 0 END) STORED,
      CHECK ((decided_by IS NULL) = (state IN ('pending', 'alone'))),
      CHECK (state NOT IN ('approved', 'rejected', 'reviewed', 'objected') OR decided_by <> requested_by)
    ) STRICT;
    CREATE INDEX approval_open ON approval (is_open, id);
    CREATE INDEX approval_pending ON approval (expires_at) WHERE state = 'pending';
    CREATE TRIGGER approval_inserted AFTER INSERT ON approval BEGIN
      UPDATE counter SET value = value + 1 WHERE name = 'approval.' || NEW.state;
    END;
    CREATE TRIGGER approval_moved AFTER UPDATE OF state ON approval WHEN OLD.state <> NEW.state BEGIN
      UPDATE counter SET value = value - 1 WHERE name = 'approval.' || OLD.state;
      UPDATE counter SET value = value + 1 WHERE name = 'approval.' || NEW.state;
    END;
    CREATE TRIGGER approval_decided_is_final BEFORE UPDATE ON approval WHEN OLD.state NOT IN ('pending', 'alone') BEGIN
      SELECT RAISE(ABORT, 'a decision is final');
    END;
    CREATE TRIGGER approval_is_not_deleted BEFORE DELETE ON approval BEGIN
      SELECT RAISE(ABORT, 'an approval is not deleted');
    END;

    CREATE TABLE break_glass (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      person TEXT NOT NULL,
      opened_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      reason TEXT NOT NULL,
      closed_at INTEGER
    ) STRICT;
    CREATE INDEX break_glass_current ON break_glass (expires_at) WHERE closed_at IS NULL;

    CREATE TABLE audit_account (
      account_id INTEGER NOT NULL, audit_id INTEGER NOT NULL REFERENCES audit (id), PRIMARY KEY (account_id, audit_id)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO audit_account (account_id, audit_id)
      SELECT CAST(substr(subject, 9) AS INTEGER), id FROM audit
      WHERE subject GLOB 'account:[0-9]*' AND subject NOT GLOB 'account:*[^0-9]*';
    CREATE INDEX audit_actor ON audit (actor, id);
    """
}
