/// Since when no scan of a mailbox has worked, so that people are told once it lasts.
enum MailboxFailureSchema {
  static let sqlite = """
    ALTER TABLE mailbox ADD COLUMN failing_since INTEGER;
    UPDATE mailbox SET failing_since = scanned_at WHERE error IS NOT NULL;
    """
}
