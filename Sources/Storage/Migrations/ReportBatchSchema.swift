/// Reports that are stored and classified at once: what an update of a report counts is counted for its insertion too.
enum ReportBatchSchema {
  static let sqlite = """
    CREATE TRIGGER report_came_unmatched AFTER INSERT ON report WHEN NEW.is_unmatched = 1 BEGIN
      UPDATE counter SET value = value + 1 WHERE name = 'report.unmatched';
    END;
    CREATE TRIGGER reply_came_to_inbox AFTER INSERT ON report
    WHEN NEW.is_classified = 1 AND NEW.kind = 'reply' AND NEW.message_id IS NOT NULL
      AND NEW.correlation IN ('token', 'messageID') BEGIN
      INSERT INTO inbox_tally (inbox_id, bucket, replied)
        SELECT m.inbox_id, NEW.received_at / 900000000, 1 FROM message m
        WHERE m.id = NEW.message_id AND m.inbox_id IS NOT NULL
        ON CONFLICT (inbox_id, bucket) DO UPDATE SET replied = replied + 1;
    END;
    """
}
