/// Accounts, recipients, messages with their bodies apart, attempts, counters and tallies.
///
/// The schema guards the data: a terminal state never changes, an epoch never goes back, an acknowledged message is
/// not deleted before it is terminal (DESIGN §4, obligations a, f, g).
enum QueueSchema {
  static let sqlite = """
    CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
    INSERT INTO counter (name) VALUES
      ('message.queued'), ('message.leased'), ('message.armed'), ('message.sent'), ('message.failed'),
      ('message.uncertain'), ('message.held'), ('message.cancelled'), ('message.expired'), ('message.suppressed'),
      ('account.good'), ('account.flagged'), ('account.restricted'), ('suppression'),
      ('report.unmatched'), ('bounce'), ('complaint'), ('audit');

    CREATE TABLE tally (
      name TEXT NOT NULL, bucket INTEGER NOT NULL, value INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (name, bucket)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE account (
      id INTEGER PRIMARY KEY,
      version INTEGER NOT NULL DEFAULT 1,
      address TEXT NOT NULL UNIQUE,
      standing TEXT NOT NULL DEFAULT 'good' CHECK (standing IN ('good', 'flagged', 'restricted')),
      reason TEXT NOT NULL DEFAULT '',
      standing_changed_at INTEGER NOT NULL,
      complaint_count INTEGER NOT NULL DEFAULT 0,
      last_complaint_at INTEGER,
      sent_count INTEGER NOT NULL DEFAULT 0,
      bounce_count INTEGER NOT NULL DEFAULT 0,
      urgency INTEGER NOT NULL GENERATED ALWAYS AS (
        CASE standing WHEN 'restricted' THEN 2000000 WHEN 'flagged' THEN 1000000 ELSE 0 END
        + min(complaint_count, 999999)) STORED
    ) STRICT;
    CREATE INDEX account_urgency ON account (urgency, id);
    CREATE INDEX account_complaints ON account (complaint_count, id);
    CREATE TRIGGER account_inserted AFTER INSERT ON account BEGIN
      UPDATE counter SET value = value + 1 WHERE name = 'account.' || NEW.standing;
    END;
    CREATE TRIGGER account_changed AFTER UPDATE OF standing ON account WHEN OLD.standing <> NEW.standing BEGIN
      UPDATE counter SET value = value - 1 WHERE name = 'account.' || OLD.standing;
      UPDATE counter SET value = value + 1 WHERE name = 'account.' || NEW.standing;
    END;

    CREATE TABLE recipient (
      address TEXT PRIMARY KEY, is_active INTEGER NOT NULL, reason TEXT NOT NULL, changed_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE suppression (
      id INTEGER PRIMARY KEY, address TEXT NOT NULL UNIQUE, reason TEXT NOT NULL, source TEXT NOT NULL,
      added_at INTEGER NOT NULL
    ) STRICT;
    CREATE TRIGGER suppression_added AFTER INSERT ON suppression BEGIN
      UPDATE counter SET value = value + 1 WHERE name = 'suppression';
    END;
    CREATE TRIGGER suppression_removed AFTER DELETE ON suppression BEGIN
      UPDATE counter SET value = value - 1 WHERE name = 'suppression';
    END;

    CREATE TABLE message (
      id INTEGER PRIMARY KEY,
      version INTEGER NOT NULL DEFAULT 1,
      state TEXT NOT NULL CHECK (state IN
        ('queued', 'leased', 'armed', 'sent', 'failed', 'uncertain', 'held', 'cancelled', 'expired', 'suppressed')),
      epoch INTEGER NOT NULL DEFAULT 0,
      source TEXT NOT NULL,
      idempotency_key TEXT NOT NULL,
      account_id INTEGER NOT NULL REFERENCES account (id),
      envelope_sender TEXT NOT NULL,
      recipient TEXT NOT NULL,
      message_id TEXT NOT NULL,
      subject TEXT NOT NULL,
      size INTEGER NOT NULL,
      enqueued_at INTEGER NOT NULL,
      next_attempt_at INTEGER NOT NULL,
      attempt_count INTEGER NOT NULL DEFAULT 0,
      lease_owner TEXT,
      lease_expires_at INTEGER,
      state_changed_at INTEGER NOT NULL,
      state_reason TEXT NOT NULL DEFAULT '',
      UNIQUE (source, idempotency_key),
      CHECK ((state IN ('leased', 'armed')) = (lease_owner IS NOT NULL AND lease_expires_at IS NOT NULL))
    ) STRICT;
    CREATE INDEX message_claimable ON message (next_attempt_at, id) WHERE state = 'queued';
    CREATE INDEX message_leases ON message (lease_expires_at, id) WHERE state IN ('leased', 'armed');
    CREATE INDEX message_active ON message (id) WHERE state IN ('queued', 'leased', 'armed');
    CREATE INDEX message_exceptions ON message (state, id)
      WHERE state IN ('failed', 'uncertain', 'held', 'cancelled', 'expired', 'suppressed');
    CREATE INDEX message_header ON message (message_id);
    CREATE INDEX message_recipient ON message (recipient, id);
    CREATE INDEX message_account ON message (account_id, id);
    CREATE INDEX message_account_waiting ON message (account_id, state, id) WHERE state IN ('queued', 'leased', 'held');

    CREATE TRIGGER message_inserted AFTER INSERT ON message BEGIN
      UPDATE counter SET value = value + 1 WHERE name = 'message.' || NEW.state;
    END;
    CREATE TRIGGER message_moved AFTER UPDATE OF state ON message WHEN OLD.state <> NEW.state BEGIN
      UPDATE counter SET value = value - 1 WHERE name = 'message.' || OLD.state;
      UPDATE counter SET value = value + 1 WHERE name = 'message.' || NEW.state;
    END;
    CREATE TRIGGER message_deleted AFTER DELETE ON message BEGIN
      UPDATE counter SET value = value - 1 WHERE name = 'message.' || OLD.state;
    END;
    CREATE TRIGGER message_sent AFTER UPDATE OF state ON message WHEN NEW.state = 'sent' AND OLD.state <> 'sent' BEGIN
      UPDATE account SET sent_count = sent_count + 1 WHERE id = NEW.account_id;
    END;
    CREATE TRIGGER message_terminal_is_final BEFORE UPDATE OF state ON message
    WHEN OLD.state IN ('sent', 'failed', 'cancelled', 'expired', 'suppressed') AND NEW.state <> OLD.state BEGIN
      SELECT RAISE(ABORT, 'a terminal state is final');
    END;
    CREATE TRIGGER message_epoch_grows BEFORE UPDATE OF epoch ON message WHEN NEW.epoch < OLD.epoch BEGIN
      SELECT RAISE(ABORT, 'an epoch never goes back');
    END;
    CREATE TRIGGER message_is_kept BEFORE DELETE ON message
    WHEN OLD.state NOT IN ('sent', 'failed', 'cancelled', 'expired', 'suppressed') BEGIN
      SELECT RAISE(ABORT, 'a message that is not terminal is kept');
    END;

    CREATE TABLE body (
      message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE, hash BLOB NOT NULL, bytes BLOB NOT NULL
    ) STRICT;

    CREATE TABLE attempt (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
      epoch INTEGER NOT NULL,
      relay TEXT NOT NULL,
      outcome TEXT NOT NULL,
      stage TEXT,
      reply_code INTEGER,
      enhanced_status TEXT,
      text TEXT NOT NULL,
      rendered_at INTEGER,
      armed_at INTEGER,
      replied_at INTEGER
    ) STRICT;
    CREATE INDEX attempt_message ON attempt (message_id, id);
    """
}
