/// The queue ids that relays named in their replies to the final dot (`250 2.0.0 Ok: queued as 4Fv3kR2dQz9`).
///
/// Filled from the attempts when a relay's log is imported and not while mail is sent: an index would cost every message
/// something, and most workspaces never ask.
enum ReplyQueueSchema {
  static let sqlite = """
    CREATE TABLE reply_queue (
      queue_id TEXT NOT NULL,
      message_id INTEGER NOT NULL,
      relay TEXT NOT NULL,
      replied_at INTEGER NOT NULL,
      PRIMARY KEY (queue_id, message_id, replied_at)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX reply_queue_age ON reply_queue (replied_at);
    CREATE TABLE reply_queue_place (
      id INTEGER PRIMARY KEY CHECK (id = 1), attempt_id INTEGER NOT NULL
    ) STRICT;
    INSERT INTO reply_queue_place (id, attempt_id) VALUES (1, 0);
    """
}
