/// What an intake writes hundreds of rows of at a time is counted once for all of them, by the code that writes them, and
/// no longer by a trigger for each row: bounces (`Bounces.insert`), audit rows (`Audit.append`), entries of the
/// suppression list (`Suppressions.add`) and reports (`Reports.insert`). Each of them is the only one that inserts there.
/// Changes and deletions of single rows keep their triggers.
enum IntakeSchema {
  static let sqlite = """
    DROP TRIGGER bounce_inserted;
    DROP TRIGGER bounce_day;
    DROP TRIGGER bounce_of_inbox;
    DROP TRIGGER audit_inserted;
    DROP TRIGGER suppression_added;
    DROP TRIGGER report_came_unmatched;
    DROP TRIGGER reply_came_to_inbox;
    """
}
