/// Mails that a server lists and does not hand out: they are asked for again while others are read.
enum UnreadableMailSchema {
  static let sqlite = """
    CREATE TABLE unreadable_mail (
      mailbox TEXT NOT NULL,
      uid_validity INTEGER NOT NULL,
      uid INTEGER NOT NULL,
      reason TEXT NOT NULL,
      since INTEGER NOT NULL,
      tried_at INTEGER NOT NULL,
      PRIMARY KEY (mailbox, uid_validity, uid)
    ) STRICT, WITHOUT ROWID;
    """
}
