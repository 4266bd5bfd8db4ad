/// The columns of `reply_queue` in the order in which SQLite keeps them, those of the key first.
///
/// In any other order `PRAGMA integrity_check` of SQLite 3.40 (Debian 12) takes the last one for NULL, and a sound store
/// was told as damaged after the first import of a relay's log.
enum ReplyQueueOrderSchema {
  static let sqlite = """
    ALTER TABLE reply_queue RENAME TO reply_queue_before;
    CREATE TABLE reply_queue (
      queue_id TEXT NOT NULL,
      message_id INTEGER NOT NULL,
      replied_at INTEGER NOT NULL,
      relay TEXT NOT NULL,
      PRIMARY KEY (queue_id, message_id, replied_at)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO reply_queue (queue_id, message_id, replied_at, relay)
      SELECT queue_id, message_id, replied_at, relay FROM reply_queue_before;
    DROP TABLE reply_queue_before;
    CREATE INDEX reply_queue_age ON reply_queue (replied_at);
    """
}
