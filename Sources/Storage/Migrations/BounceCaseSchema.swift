/// Bounces of one recipient are found however its address is written, as its messages and its suppressions are: they count
/// for a mailbox.
enum BounceCaseSchema {
  static let sqlite = """
    DROP INDEX bounce_recipient;
    CREATE INDEX bounce_recipient ON bounce (lower(recipient), id);
    """
}
