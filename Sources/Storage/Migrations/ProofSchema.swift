/// Every correlation that is proof counts: complaints in the figures of their account, replies for their inbox. Before,
/// only tokens in addresses and Message-IDs did, though any proof could flag and restrict. Accounts with complaints are
/// ranked anew.
enum ProofSchema {
  static let sqlite = """
    DROP INDEX complaint_counted;
    CREATE INDEX complaint_counted ON complaint (account_id, occurred_at)
      WHERE is_dismissed = 0 AND correlation IN ('token', 'envelopeID', 'header', 'messageID', 'person');
    UPDATE account SET attention_until = 0 WHERE id IN (
      SELECT account_id FROM complaint WHERE is_dismissed = 0 AND correlation IN ('envelopeID', 'header', 'person'));

    DROP TRIGGER reply_to_inbox;
    CREATE TRIGGER reply_to_inbox AFTER UPDATE OF is_classified ON report
    WHEN NEW.is_classified = 1 AND OLD.is_classified = 0 AND NEW.kind = 'reply' AND NEW.message_id IS NOT NULL
      AND NEW.correlation IN ('token', 'envelopeID', 'header', 'messageID', 'person') BEGIN
      INSERT INTO inbox_tally (inbox_id, bucket, replied)
        SELECT m.inbox_id, NEW.received_at / 900000000, 1 FROM message m
        WHERE m.id = NEW.message_id AND m.inbox_id IS NOT NULL
        ON CONFLICT (inbox_id, bucket) DO UPDATE SET replied = replied + 1;
    END;
    """
}
