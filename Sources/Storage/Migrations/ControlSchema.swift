/// The send permit, relays, checklists and the audit log.
enum ControlSchema {
  static let sqlite = """
    CREATE TABLE permit (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      state TEXT NOT NULL CHECK (state IN ('stopped', 'ready', 'ramping', 'open')),
      generation INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      changed_by TEXT NOT NULL,
      reason TEXT NOT NULL,
      armed_at_stop INTEGER NOT NULL,
      rung INTEGER NOT NULL,
      accepted_on_rung INTEGER NOT NULL,
      refused_on_rung INTEGER NOT NULL,
      last_accepted_at INTEGER
    ) STRICT;

    CREATE TABLE relay (
      name TEXT PRIMARY KEY, paused_until INTEGER, reason TEXT NOT NULL DEFAULT '',
      consecutive_failures INTEGER NOT NULL DEFAULT 0, changed_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE checklist_run (
      id INTEGER PRIMARY KEY,
      checklist TEXT NOT NULL,
      started_at INTEGER NOT NULL,
      started_by TEXT NOT NULL,
      completed_at INTEGER
    ) STRICT;
    CREATE INDEX checklist_run_started ON checklist_run (checklist, started_at);
    CREATE TABLE checklist_step (
      run_id INTEGER NOT NULL REFERENCES checklist_run (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      step TEXT NOT NULL,
      version INTEGER NOT NULL DEFAULT 1,
      is_ticked INTEGER NOT NULL DEFAULT 0,
      ticked_by TEXT,
      ticked_at INTEGER,
      note TEXT NOT NULL DEFAULT '',
      probe_verdict TEXT,
      probe_value TEXT,
      probed_at INTEGER,
      PRIMARY KEY (run_id, step)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE audit (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at INTEGER NOT NULL,
      actor TEXT NOT NULL,
      role TEXT NOT NULL,
      origin TEXT NOT NULL,
      operation TEXT NOT NULL,
      subject TEXT NOT NULL,
      reason TEXT NOT NULL,
      details TEXT NOT NULL,
      hash TEXT NOT NULL
    ) STRICT;
    CREATE INDEX audit_operation ON audit (operation, id);
    CREATE TRIGGER audit_inserted AFTER INSERT ON audit BEGIN
      UPDATE counter SET value = value + 1 WHERE name = 'audit';
    END;
    CREATE TRIGGER audit_is_not_edited BEFORE UPDATE ON audit BEGIN
      SELECT RAISE(ABORT, 'an audit row is not edited');
    END;
    CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit BEGIN
      SELECT RAISE(ABORT, 'an audit row is not deleted');
    END;
    """
}
