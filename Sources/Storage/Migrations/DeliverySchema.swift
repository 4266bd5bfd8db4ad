/// The two arrows that many messages take in one statement, queued to armed and armed to sent, are counted once for all of
/// them (`Counters.moved`): a trigger for each row took half of the sender's time.
enum DeliverySchema {
  static let sqlite = """
    DROP TRIGGER message_moved;
    CREATE TRIGGER message_moved AFTER UPDATE OF state ON message
    WHEN OLD.state <> NEW.state AND NOT (OLD.state = 'queued' AND NEW.state = 'armed')
      AND NOT (OLD.state = 'armed' AND NEW.state = 'sent')
    BEGIN
      UPDATE counter SET value = value - 1 WHERE name = 'message.' || OLD.state;
      UPDATE counter SET value = value + 1 WHERE name = 'message.' || NEW.state;
    END;
    DROP TRIGGER message_sent;
    CREATE TRIGGER message_sent AFTER UPDATE OF state ON message
    WHEN NEW.state = 'sent' AND OLD.state NOT IN ('sent', 'armed')
    BEGIN
      UPDATE account SET sent_count = sent_count + 1 WHERE id = NEW.account_id;
    END;
    """
}
