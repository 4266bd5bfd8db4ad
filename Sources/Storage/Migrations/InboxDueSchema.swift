/// While every relay rests, what is due of inboxes is found without walking over all that is due.
enum InboxDueSchema {
  static let sqlite = """
    CREATE INDEX message_inbox_claimable ON message (next_attempt_at, id)
      WHERE state = 'queued' AND inbox_id IS NOT NULL;
    """
}
