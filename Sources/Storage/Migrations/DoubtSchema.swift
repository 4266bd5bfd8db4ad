/// The history of single messages, what relays' logs told, capped runs, and the clock that was last trusted.
enum DoubtSchema {
  static let sqlite = """
    ALTER TABLE attempt ADD COLUMN peer TEXT NOT NULL DEFAULT '';

    -- Every arrow but the common way (claimed, armed, sent, given back): what a person has to know afterwards.
    CREATE TABLE message_trace (
      id INTEGER PRIMARY KEY,
      message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
      at INTEGER NOT NULL,
      epoch INTEGER NOT NULL,
      source TEXT NOT NULL,
      target TEXT NOT NULL,
      reason TEXT NOT NULL,
      next_attempt_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX message_trace_message ON message_trace (message_id, id);
    CREATE TRIGGER message_traced AFTER UPDATE OF state ON message
    WHEN NEW.state NOT IN ('leased', 'armed') AND OLD.state <> NEW.state
      AND (NEW.state NOT IN ('sent', 'queued') OR OLD.state IN ('held', 'uncertain')
        OR (NEW.state = 'queued' AND NEW.attempt_count > OLD.attempt_count))
    BEGIN
      INSERT INTO message_trace (message_id, at, epoch, source, target, reason, next_attempt_at)
      VALUES (NEW.id, NEW.state_changed_at, NEW.epoch, OLD.state, NEW.state, NEW.state_reason, NEW.next_attempt_at);
    END;

    -- Which queue id a relay gave to which message of ours: a log is read file by file, and lines of one message may
    -- stand in two.
    CREATE TABLE relay_queue (
      host TEXT NOT NULL,
      queue_id TEXT NOT NULL,
      message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
      seen_at INTEGER NOT NULL,
      PRIMARY KEY (host, queue_id, message_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX relay_queue_message ON relay_queue (message_id);

    -- For the history of a message: what people did with it alone.
    CREATE INDEX audit_subject ON audit (subject, id);

    -- What operators set while the program runs.
    CREATE TABLE setting (
      name TEXT PRIMARY KEY, value TEXT NOT NULL, changed_by TEXT NOT NULL, changed_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- Runs of engines that may send only so many messages.
    CREATE TABLE engine_run (
      owner TEXT PRIMARY KEY, started_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, most INTEGER NOT NULL,
      sent INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- Wall clock and time since boot when they were last trusted, by the same boot of the machine.
    CREATE TABLE clock_watch (
      id INTEGER PRIMARY KEY CHECK (id = 1), boot TEXT NOT NULL, wall INTEGER NOT NULL, since_boot INTEGER NOT NULL,
      confirmed_by TEXT NOT NULL DEFAULT '', confirmed_at INTEGER
    ) STRICT;
    """
}
