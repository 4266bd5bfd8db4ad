/// A reply counts for its inbox once it is proven, whenever that is: a person may match it long after it was read. Before,
/// only what was proven when it was read did.
enum ReplyProofSchema {
  static let sqlite = """
    DROP TRIGGER reply_to_inbox;
    CREATE TRIGGER reply_to_inbox AFTER UPDATE OF is_classified, kind, correlation, message_id ON report
    WHEN \(isProven("NEW")) AND NOT \(isProven("OLD")) BEGIN
      INSERT INTO inbox_tally (inbox_id, bucket, replied)
        SELECT m.inbox_id, NEW.received_at / 900000000, 1 FROM message m
        WHERE m.id = NEW.message_id AND m.inbox_id IS NOT NULL
        ON CONFLICT (inbox_id, bucket) DO UPDATE SET replied = replied + 1;
    END;
    CREATE TRIGGER reply_to_no_inbox AFTER UPDATE OF is_classified, kind, correlation, message_id ON report
    WHEN \(isProven("OLD")) AND NOT \(isProven("NEW")) BEGIN
      UPDATE inbox_tally SET replied = max(0, replied - 1)
      WHERE inbox_id = (SELECT m.inbox_id FROM message m WHERE m.id = OLD.message_id)
        AND bucket = OLD.received_at / 900000000;
    END;

    INSERT INTO inbox_tally (inbox_id, bucket, replied)
      SELECT m.inbox_id, r.received_at / 900000000, count(*) FROM report r JOIN message m ON m.id = r.message_id
      WHERE r.kind = 'reply' AND r.correlation = 'person' AND m.inbox_id IS NOT NULL GROUP BY 1, 2
      ON CONFLICT (inbox_id, bucket) DO UPDATE SET replied = replied + excluded.replied;
    """

  /// Whether a row of `report` is a reply that is proven to be one to a message of ours.
  private static func isProven(_ row: String) -> String {
    """
    (\(row).is_classified = 1 AND \(row).kind = 'reply' AND \(row).message_id IS NOT NULL
      AND \(row).correlation IN ('token', 'envelopeID', 'header', 'messageID', 'person'))
    """
  }
}
