/// Limits, pauses and slow-downs by scope, and which messages wait for them.
enum ShapingSchema {
  static let sqlite = """
    ALTER TABLE message ADD COLUMN campaign TEXT NOT NULL DEFAULT '';
    ALTER TABLE message ADD COLUMN waits_for TEXT;
    CREATE INDEX message_waiting ON message (waits_for, next_attempt_at, id)
      WHERE state = 'queued' AND waits_for IS NOT NULL;

    CREATE TABLE throttle (
      scope TEXT PRIMARY KEY,
      -- When the token bucket is full again, and up to when waiting messages have been given a moment to come back.
      full_at INTEGER NOT NULL DEFAULT 0,
      told_until INTEGER NOT NULL DEFAULT 0,
      slowed_until INTEGER,
      slowed_reason TEXT NOT NULL DEFAULT '',
      slowed_times INTEGER NOT NULL DEFAULT 0,
      -- Set by an operator; NULL for what data/shaping.yaml says.
      rate TEXT,
      -- Waiting messages are to be looked at again, because a limit or a pause has gone.
      is_woken INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE pause (
      scope TEXT PRIMARY KEY,
      reason TEXT NOT NULL,
      paused_by TEXT NOT NULL,
      since INTEGER NOT NULL,
      until INTEGER
    ) STRICT, WITHOUT ROWID;
    """
}
