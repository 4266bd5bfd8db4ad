/// Recipients of messages are compared without regard to case, as the suppression list does: what is stored is what was sent to
/// (RFC 5321 §2.4). Answers of both kinds have one index.
enum RecipientCaseSchema {
  static let sqlite = """
    DROP INDEX message_recipient;
    CREATE INDEX message_recipient ON message (lower(recipient), id);
    DROP INDEX report_replies;
    CREATE INDEX report_answers ON report (id) WHERE kind IN ('autoreply', 'reply');
    """
}
