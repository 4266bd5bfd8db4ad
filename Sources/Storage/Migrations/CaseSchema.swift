/// Cases, their timeline and steps, follow-ups, passes over all restrictions, and what the accounts' table is ordered by.
///
/// `attention` is kept, never computed by a scan: 4,000,000 when a review is due, 2,000,000 restricted, 1,000,000
/// flagged, 1,000 for each complaint in the window (999 at most), and the bounce rate per mille. `attention_until` is
/// when time alone changes it: a complaint leaves the window, or a review becomes due.
enum CaseSchema {
  static let sqlite = """
    INSERT INTO counter (name) VALUES ('case.open'), ('case.watching'), ('case.restricted'), ('case.closed'),
      ('follow-up');

    DROP INDEX account_urgency;
    ALTER TABLE account DROP COLUMN urgency;
    ALTER TABLE account ADD COLUMN attention INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE account ADD COLUMN attention_until INTEGER;
    UPDATE account SET attention = \(tier("standing")),
      attention_until = CASE WHEN complaint_count > 0 THEN 0 END;
    CREATE INDEX account_attention ON account (attention, id);
    CREATE INDEX account_attention_until ON account (attention_until) WHERE attention_until IS NOT NULL;
    CREATE TRIGGER account_attention_moved AFTER UPDATE OF standing ON account WHEN OLD.standing <> NEW.standing BEGIN
      UPDATE account SET attention = attention - \(tier("OLD.standing")) + \(tier("NEW.standing")) WHERE id = NEW.id;
    END;

    CREATE INDEX complaint_counted ON complaint (account_id, occurred_at)
      WHERE is_dismissed = 0 AND correlation IN ('token', 'messageID');

    CREATE TABLE account_day (
      account_id INTEGER NOT NULL, day INTEGER NOT NULL, sent INTEGER NOT NULL DEFAULT 0,
      bounced INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (account_id, day)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO account_day (account_id, day, sent)
      SELECT account_id, state_changed_at / 86400000000, count(*) FROM message WHERE state = 'sent' GROUP BY 1, 2;
    INSERT INTO account_day (account_id, day, bounced)
      SELECT account_id, occurred_at / 86400000000, count(*) FROM bounce
      WHERE kind = 'bounce' AND account_id IS NOT NULL GROUP BY 1, 2
      ON CONFLICT (account_id, day) DO UPDATE SET bounced = excluded.bounced;
    CREATE TRIGGER message_sent_day AFTER UPDATE OF state ON message
    WHEN NEW.state = 'sent' AND OLD.state NOT IN ('sent', 'armed') BEGIN
      INSERT INTO account_day (account_id, day, sent) VALUES (NEW.account_id, NEW.state_changed_at / 86400000000, 1)
        ON CONFLICT (account_id, day) DO UPDATE SET sent = sent + 1;
    END;
    CREATE TRIGGER bounce_day AFTER INSERT ON bounce WHEN NEW.kind = 'bounce' AND NEW.account_id IS NOT NULL BEGIN
      INSERT INTO account_day (account_id, day, bounced) VALUES (NEW.account_id, NEW.occurred_at / 86400000000, 1)
        ON CONFLICT (account_id, day) DO UPDATE SET bounced = bounced + 1;
    END;

    CREATE TABLE abuse_case (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      version INTEGER NOT NULL DEFAULT 1,
      account_id INTEGER NOT NULL REFERENCES account (id),
      state TEXT NOT NULL CHECK (state IN ('open', 'watching', 'restricted', 'closed')),
      opening TEXT NOT NULL CHECK (opening IN ('flagged', 'restricted automatically', 'by hand')),
      opened_by TEXT NOT NULL,
      opened_at INTEGER NOT NULL,
      closed_at INTEGER,
      next_review INTEGER,
      level INTEGER NOT NULL DEFAULT 1 CHECK (level BETWEEN 1 AND 4),
      restricted_at INTEGER,
      CHECK ((closed_at IS NOT NULL) = (state = 'closed'))
    ) STRICT;
    CREATE UNIQUE INDEX abuse_case_current ON abuse_case (account_id) WHERE state <> 'closed';
    CREATE INDEX abuse_case_account ON abuse_case (account_id, id);
    CREATE INDEX abuse_case_state ON abuse_case (state, id) WHERE state <> 'closed';
    CREATE TRIGGER abuse_case_inserted AFTER INSERT ON abuse_case BEGIN
      UPDATE counter SET value = value + 1 WHERE name = 'case.' || NEW.state;
    END;
    CREATE TRIGGER abuse_case_moved AFTER UPDATE OF state ON abuse_case WHEN OLD.state <> NEW.state BEGIN
      UPDATE counter SET value = value - 1 WHERE name = 'case.' || OLD.state;
      UPDATE counter SET value = value + 1 WHERE name = 'case.' || NEW.state;
    END;
    CREATE TRIGGER abuse_case_closed_is_final BEFORE UPDATE OF state ON abuse_case WHEN OLD.state = 'closed' BEGIN
      SELECT RAISE(ABORT, 'a closed case stays closed');
    END;

    CREATE TABLE case_event (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      case_id INTEGER NOT NULL REFERENCES abuse_case (id),
      at INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('opened', 'decision', 'note', 'notice', 'step', 'follow-up', 'escalation')),
      actor TEXT NOT NULL,
      text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX case_event_case ON case_event (case_id, id);
    CREATE TRIGGER case_event_is_final BEFORE UPDATE ON case_event BEGIN
      SELECT RAISE(ABORT, 'the timeline is only added to');
    END;
    CREATE TRIGGER case_event_is_kept BEFORE DELETE ON case_event BEGIN
      SELECT RAISE(ABORT, 'the timeline is only added to');
    END;

    CREATE TABLE case_step (
      case_id INTEGER NOT NULL REFERENCES abuse_case (id),
      step TEXT NOT NULL,
      version INTEGER NOT NULL DEFAULT 1,
      state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'ticked', 'skipped')),
      by TEXT,
      at INTEGER,
      reason TEXT NOT NULL DEFAULT '',
      PRIMARY KEY (case_id, step)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE follow_up (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      version INTEGER NOT NULL DEFAULT 1,
      case_id INTEGER NOT NULL REFERENCES abuse_case (id),
      due_at INTEGER NOT NULL,
      text TEXT NOT NULL,
      created_by TEXT NOT NULL,
      done_at INTEGER,
      done_by TEXT
    ) STRICT;
    CREATE INDEX follow_up_case ON follow_up (case_id, id);
    CREATE INDEX follow_up_due ON follow_up (due_at, id) WHERE done_at IS NULL;
    CREATE TRIGGER follow_up_inserted AFTER INSERT ON follow_up BEGIN
      UPDATE counter SET value = value + 1 WHERE name = 'follow-up';
    END;
    CREATE TRIGGER follow_up_done AFTER UPDATE OF done_at ON follow_up
    WHEN OLD.done_at IS NULL AND NEW.done_at IS NOT NULL BEGIN
      UPDATE counter SET value = value - 1 WHERE name = 'follow-up';
    END;

    CREATE TABLE restriction_audit (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      started_at INTEGER NOT NULL,
      started_by TEXT NOT NULL,
      completed_at INTEGER,
      decided INTEGER NOT NULL DEFAULT 0,
      total INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE restriction_audit_item (
      audit_id INTEGER NOT NULL REFERENCES restriction_audit (id),
      account_id INTEGER NOT NULL REFERENCES account (id),
      decision TEXT CHECK (decision IN ('kept', 'extended', 'lifted')),
      by TEXT,
      at INTEGER,
      PRIMARY KEY (audit_id, account_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX restriction_audit_open ON restriction_audit_item (audit_id, account_id) WHERE decision IS NULL;
    CREATE TRIGGER restriction_audit_item_added AFTER INSERT ON restriction_audit_item BEGIN
      UPDATE restriction_audit SET total = total + 1 WHERE id = NEW.audit_id;
    END;
    CREATE TRIGGER restriction_audit_item_decided AFTER UPDATE OF decision ON restriction_audit_item
    WHEN OLD.decision IS NULL AND NEW.decision IS NOT NULL BEGIN
      UPDATE restriction_audit SET decided = decided + 1,
        completed_at = CASE WHEN decided + 1 >= total THEN NEW.at END WHERE id = NEW.audit_id;
    END;
    """

  private static func tier(_ standing: String) -> String {
    "CASE \(standing) WHEN 'restricted' THEN 2000000 WHEN 'flagged' THEN 1000000 ELSE 0 END"
  }
}
