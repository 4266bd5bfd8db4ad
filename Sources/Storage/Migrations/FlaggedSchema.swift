/// What the server has flagged is a line in the mailbox, not a mark on every report: a scan wrote each report twice for it.
/// A mail's bytes are looked for by their hash alone, which is the same in hardly two mailboxes.
enum FlaggedSchema {
  static let sqlite = """
    ALTER TABLE mailbox ADD COLUMN flagged_uid INTEGER NOT NULL DEFAULT 0;
    UPDATE mailbox SET flagged_uid = min(last_uid, coalesce(
      (SELECT min(r.uid) - 1 FROM report r
        WHERE r.is_flagged = 0 AND r.mailbox = mailbox.name AND r.uid_validity = mailbox.uid_validity), last_uid))
      WHERE last_uid IS NOT NULL;
    DROP INDEX report_unflagged;
    ALTER TABLE report DROP COLUMN is_flagged;
    DROP INDEX report_hash;
    CREATE INDEX report_hash ON report (hash);
    """
}
