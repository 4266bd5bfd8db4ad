/// An inbox's own mailbox that the server made anew is read from the day on that it was read to its end the last time.
enum MailboxReadSchema {
  static let sqlite = """
    ALTER TABLE mailbox ADD COLUMN read_at INTEGER;
    UPDATE mailbox SET read_at = scanned_at WHERE failing_since IS NULL;
    """
}
