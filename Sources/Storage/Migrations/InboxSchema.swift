/// Sending identities, which messages are theirs, and what happened to their mail.
///
/// Counts are kept in quarters of an hour of UTC by triggers, in the transaction of the change itself: every time zone
/// in use lies a whole number of quarters from UTC, so a local day is a sum of whole quarters, also on the days when the
/// clock is changed. What is armed counts at the moment of the arm; when it goes back to the queue it is taken away at
/// that same moment, so that no day ever counts below zero. One trigger does it for all arrows, and nothing for messages
/// without an inbox: the sender moves thousands of rows a second.
enum InboxSchema {
  static let sqlite = """
    INSERT INTO counter (name) VALUES ('inbox'), ('inbox.paused'), ('inbox.unhealthy');

    CREATE TABLE inbox (
      id INTEGER PRIMARY KEY,
      version INTEGER NOT NULL DEFAULT 1,
      address TEXT NOT NULL UNIQUE,
      display_name TEXT NOT NULL,
      smtp_host TEXT NOT NULL,
      smtp_port INTEGER NOT NULL,
      smtp_security TEXT NOT NULL,
      smtp_username TEXT NOT NULL,
      imap_host TEXT,
      imap_port INTEGER,
      imap_security TEXT,
      imap_username TEXT,
      started_at INTEGER NOT NULL,
      daily_limit INTEGER CHECK (daily_limit >= 0),
      health INTEGER CHECK (health BETWEEN 0 AND 100),
      evaluated_at INTEGER,
      paused_at INTEGER,
      paused_until INTEGER,
      pause_reason TEXT NOT NULL DEFAULT '',
      paused_by TEXT NOT NULL DEFAULT '',
      is_pause_automatic INTEGER NOT NULL DEFAULT 0,
      probation_since INTEGER,
      waiting INTEGER NOT NULL DEFAULT 0,
      removed_at INTEGER,
      attention INTEGER NOT NULL GENERATED ALWAYS AS (
        (CASE WHEN paused_at IS NULL THEN 0 ELSE 1000 END) + 100 - coalesce(health, 100)) STORED,
      CHECK ((imap_host IS NULL) = (imap_port IS NULL)),
      CHECK (paused_at IS NOT NULL OR paused_until IS NULL)
    ) STRICT;
    CREATE INDEX inbox_attention ON inbox (attention, id);
    CREATE TRIGGER inbox_inserted AFTER INSERT ON inbox BEGIN
      UPDATE counter SET value = value + 1 WHERE name = 'inbox';
    END;
    CREATE TRIGGER inbox_changed AFTER UPDATE OF removed_at, paused_at, is_pause_automatic ON inbox BEGIN
      UPDATE counter SET value = value + (NEW.removed_at IS NULL) - (OLD.removed_at IS NULL) WHERE name = 'inbox';
      UPDATE counter SET value = value
        + (NEW.removed_at IS NULL AND NEW.paused_at IS NOT NULL)
        - (OLD.removed_at IS NULL AND OLD.paused_at IS NOT NULL) WHERE name = 'inbox.paused';
      UPDATE counter SET value = value
        + (NEW.removed_at IS NULL AND NEW.paused_at IS NOT NULL AND NEW.is_pause_automatic)
        - (OLD.removed_at IS NULL AND OLD.paused_at IS NOT NULL AND OLD.is_pause_automatic)
        WHERE name = 'inbox.unhealthy';
    END;
    CREATE TRIGGER inbox_is_kept BEFORE DELETE ON inbox BEGIN
      SELECT RAISE(ABORT, 'an inbox is removed, not deleted: its messages name it');
    END;

    CREATE TABLE inbox_tally (
      inbox_id INTEGER NOT NULL REFERENCES inbox (id),
      bucket INTEGER NOT NULL,
      armed INTEGER NOT NULL DEFAULT 0,
      sent INTEGER NOT NULL DEFAULT 0,
      refused INTEGER NOT NULL DEFAULT 0,
      bounced INTEGER NOT NULL DEFAULT 0,
      complained INTEGER NOT NULL DEFAULT 0,
      replied INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (inbox_id, bucket)
    ) STRICT, WITHOUT ROWID;

    ALTER TABLE message ADD COLUMN inbox_id INTEGER REFERENCES inbox (id);

    CREATE TRIGGER message_inbox_inserted AFTER INSERT ON message
    WHEN NEW.inbox_id IS NOT NULL AND NEW.state IN ('queued', 'held') BEGIN
      UPDATE inbox SET waiting = waiting + 1 WHERE id = NEW.inbox_id;
    END;
    CREATE TRIGGER message_inbox_given AFTER UPDATE OF inbox_id ON message
    WHEN OLD.inbox_id IS NOT NEW.inbox_id AND NEW.state IN ('queued', 'leased', 'held') BEGIN
      UPDATE inbox SET waiting = waiting - 1 WHERE id = OLD.inbox_id;
      UPDATE inbox SET waiting = waiting + 1 WHERE id = NEW.inbox_id;
    END;
    CREATE TRIGGER message_inbox_moved AFTER UPDATE OF state ON message
    WHEN NEW.inbox_id IS NOT NULL AND NEW.state <> OLD.state BEGIN
      UPDATE inbox SET waiting = waiting + iif(NEW.state IN ('queued', 'leased', 'held'), 1, -1)
        WHERE id = NEW.inbox_id
          AND (NEW.state IN ('queued', 'leased', 'held')) <> (OLD.state IN ('queued', 'leased', 'held'));
      INSERT INTO inbox_tally (inbox_id, bucket, armed, sent, refused)
        SELECT NEW.inbox_id, NEW.state_changed_at / 900000000, NEW.state = 'armed', NEW.state = 'sent',
          NEW.state = 'failed' AND OLD.state IN ('leased', 'armed')
        WHERE NEW.state IN ('armed', 'sent', 'failed')
        ON CONFLICT (inbox_id, bucket) DO UPDATE SET armed = armed + excluded.armed, sent = sent + excluded.sent,
          refused = refused + excluded.refused;
      UPDATE inbox_tally SET armed = armed - 1
        WHERE OLD.state = 'armed' AND NEW.state = 'queued'
          AND inbox_id = NEW.inbox_id AND bucket = OLD.state_changed_at / 900000000;
    END;

    CREATE TRIGGER bounce_of_inbox AFTER INSERT ON bounce
    WHEN NEW.kind = 'bounce' AND NEW.message_id IS NOT NULL BEGIN
      INSERT INTO inbox_tally (inbox_id, bucket, bounced)
        SELECT m.inbox_id, NEW.occurred_at / 900000000, 1 FROM message m
        WHERE m.id = NEW.message_id AND m.inbox_id IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM bounce b WHERE b.recipient = NEW.recipient AND b.message_id = NEW.message_id
            AND b.kind = 'bounce' AND b.id <> NEW.id)
        ON CONFLICT (inbox_id, bucket) DO UPDATE SET bounced = bounced + 1;
    END;
    CREATE TRIGGER complaint_of_inbox AFTER INSERT ON complaint WHEN NEW.message_id IS NOT NULL BEGIN
      INSERT INTO inbox_tally (inbox_id, bucket, complained)
        SELECT m.inbox_id, NEW.occurred_at / 900000000, 1 FROM message m
        WHERE m.id = NEW.message_id AND m.inbox_id IS NOT NULL
        ON CONFLICT (inbox_id, bucket) DO UPDATE SET complained = complained + 1;
    END;
    CREATE TRIGGER complaint_of_inbox_dismissed AFTER UPDATE OF is_dismissed ON complaint
    WHEN NEW.message_id IS NOT NULL AND NEW.is_dismissed <> OLD.is_dismissed BEGIN
      UPDATE inbox_tally SET complained = max(0, complained + OLD.is_dismissed - NEW.is_dismissed)
        WHERE bucket = NEW.occurred_at / 900000000
          AND inbox_id = (SELECT inbox_id FROM message WHERE id = NEW.message_id);
    END;
    CREATE TRIGGER reply_to_inbox AFTER UPDATE OF is_classified ON report
    WHEN NEW.is_classified = 1 AND OLD.is_classified = 0 AND NEW.kind = 'reply' AND NEW.message_id IS NOT NULL
      AND NEW.correlation IN ('token', 'messageID') BEGIN
      INSERT INTO inbox_tally (inbox_id, bucket, replied)
        SELECT m.inbox_id, NEW.received_at / 900000000, 1 FROM message m
        WHERE m.id = NEW.message_id AND m.inbox_id IS NOT NULL
        ON CONFLICT (inbox_id, bucket) DO UPDATE SET replied = replied + 1;
    END;
    """
}
