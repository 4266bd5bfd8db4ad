/// What the schema does when a message changes its state, in one trigger instead of eight.
///
/// Nothing but the finality of terminal states is to be looked at when many messages take the two common arrows, queued
/// to armed and armed to sent: those are counted once for all of them (`Counters.moved`, `Destinations.left`,
/// `Messages.accept`), and a message without an inbox passes this trigger by its first condition. Eight conditions of
/// eight triggers and three `IN` lists of partial indexes, looked up for every row, took more than half of what an arrow
/// cost.
enum TransitionSchema {
  private static let terminal = "('sent', 'failed', 'cancelled', 'expired', 'suppressed')"
  private static let waiting = "('queued', 'held', 'uncertain')"
  /// The arrows that are counted for many messages at once.
  private static let isCommon = """
    (OLD.state = 'queued' AND NEW.state = 'armed' OR OLD.state = 'armed' AND NEW.state = 'sent')
    """

  /// The domain of a recipient: what follows its last `@`, in lower case.
  private static func domain(_ row: String) -> String {
    "lower(replace(\(row).recipient, rtrim(\(row).recipient, replace(\(row).recipient, '@', '')), ''))"
  }

  private static func kind(_ row: String) -> String {
    "CASE WHEN \(row).state = 'queued' AND \(row).attempt_count > 0 THEN 'deferred' ELSE \(row).state END"
  }

  private static func cohort(_ row: String) -> String { "\(row).enqueued_at - \(row).enqueued_at % 300000000" }

  private static let counters = """
      UPDATE counter SET value = value - 1 WHERE name = 'message.' || OLD.state AND NOT \(isCommon);
      UPDATE counter SET value = value + 1 WHERE name = 'message.' || NEW.state AND NOT \(isCommon);
      UPDATE account SET sent_count = sent_count + 1
        WHERE id = NEW.account_id AND NEW.state = 'sent' AND OLD.state <> 'armed';
      INSERT INTO account_day (account_id, day, sent)
        SELECT NEW.account_id, NEW.state_changed_at / 86400000000, 1 WHERE NEW.state = 'sent' AND OLD.state <> 'armed'
        ON CONFLICT (account_id, day) DO UPDATE SET sent = sent + 1;
    """

  private static let destinations = """
      INSERT INTO destination (domain, kind, value)
        SELECT \(domain("NEW")), \(kind("NEW")), 1 WHERE NEW.state IN \(waiting)
        ON CONFLICT (domain, kind) DO UPDATE SET value = value + 1;
      INSERT INTO destination_age (domain, kind, cohort, value)
        SELECT \(domain("NEW")), \(kind("NEW")), \(cohort("NEW")), 1 WHERE NEW.state IN \(waiting)
        ON CONFLICT (domain, kind, cohort) DO UPDATE SET value = value + 1;
      UPDATE destination SET value = value - 1
        WHERE OLD.state IN \(waiting) AND NOT \(isCommon) AND domain = \(domain("OLD")) AND kind = \(kind("OLD"));
      UPDATE destination_age SET value = value - 1
        WHERE OLD.state IN \(waiting) AND NOT \(isCommon) AND domain = \(domain("OLD")) AND kind = \(kind("OLD"))
          AND cohort = \(cohort("OLD"));
    """

  private static let inboxes = """
      UPDATE inbox SET waiting = waiting + iif(NEW.state IN ('queued', 'leased', 'held'), 1, -1)
        WHERE id = NEW.inbox_id
          AND (NEW.state IN ('queued', 'leased', 'held')) <> (OLD.state IN ('queued', 'leased', 'held'));
      INSERT INTO inbox_tally (inbox_id, bucket, armed, sent, refused)
        SELECT NEW.inbox_id, NEW.state_changed_at / 900000000, NEW.state = 'armed', NEW.state = 'sent',
          NEW.state = 'failed' AND OLD.state IN ('leased', 'armed')
        WHERE NEW.inbox_id IS NOT NULL AND NEW.state IN ('armed', 'sent', 'failed')
        ON CONFLICT (inbox_id, bucket) DO UPDATE SET armed = armed + excluded.armed, sent = sent + excluded.sent,
          refused = refused + excluded.refused;
      UPDATE inbox_tally SET armed = armed - 1
        WHERE OLD.state = 'armed' AND NEW.state = 'queued'
          AND inbox_id = NEW.inbox_id AND bucket = OLD.state_changed_at / 900000000;
    """

  private static let trace = """
      INSERT INTO message_trace (message_id, at, epoch, source, target, reason, next_attempt_at)
        SELECT NEW.id, NEW.state_changed_at, NEW.epoch, OLD.state, NEW.state, NEW.state_reason, NEW.next_attempt_at
        WHERE NEW.state NOT IN ('leased', 'armed')
          AND (NEW.state NOT IN ('sent', 'queued') OR OLD.state IN ('held', 'uncertain')
            OR (NEW.state = 'queued' AND NEW.attempt_count > OLD.attempt_count));
    """

  static let sqlite = """
    DROP TRIGGER message_terminal_is_final;
    DROP TRIGGER message_moved;
    DROP TRIGGER message_sent;
    DROP TRIGGER message_sent_day;
    DROP TRIGGER message_waits_again;
    DROP TRIGGER message_waits_no_more;
    DROP TRIGGER message_inbox_moved;
    DROP TRIGGER message_traced;
    CREATE TRIGGER message_changed AFTER UPDATE OF state ON message
    WHEN OLD.state <> NEW.state AND NOT (NEW.inbox_id IS NULL AND \(isCommon))
    BEGIN
      SELECT RAISE(ABORT, 'a terminal state is final') WHERE OLD.state IN \(terminal);
    \(counters)
    \(destinations)
    \(inboxes)
    \(trace)
    END;
    DROP INDEX message_active;
    CREATE INDEX message_active ON message (id) WHERE state = 'queued' OR state = 'leased' OR state = 'armed';
    DROP INDEX message_exceptions;
    CREATE INDEX message_exceptions ON message (state, id)
      WHERE state <> 'queued' AND state <> 'leased' AND state <> 'armed' AND state <> 'sent';
    DROP INDEX message_account_waiting;
    CREATE INDEX message_account_waiting ON message (account_id, state, id)
      WHERE state = 'queued' OR state = 'leased' OR state = 'held';
    """
}
