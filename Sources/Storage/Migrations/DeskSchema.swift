/// What the abuse desk knows besides: who restricted, since when alerts stand, and a case for every account that complaints had
/// flagged or restricted before there were cases.
enum DeskSchema {
  static let sqlite = """
    ALTER TABLE abuse_case ADD COLUMN restricted_by TEXT CHECK (restricted_by IN ('automatically', 'by hand'));

    CREATE TABLE standing_alert (id TEXT PRIMARY KEY, since INTEGER NOT NULL) STRICT, WITHOUT ROWID;

    -- For the search: the few accounts with a reason, without their rows.
    CREATE INDEX account_reason ON account (reason) WHERE reason <> '';

    \(restrictedBy)
    \(casesOfOld)
    """

  /// What policy does gives the threshold as its reason.
  private static func origin(_ reason: String) -> String {
    "CASE WHEN \(reason) LIKE '%complaints in % days (threshold %' THEN 'automatically' ELSE 'by hand' END"
  }

  private static let restrictedBy = """
    UPDATE abuse_case SET restricted_by =
      (SELECT \(origin("a.reason")) FROM account a WHERE a.id = abuse_case.account_id)
    WHERE state = 'restricted';
    """

  /// Dated by the standing that called for them; a restriction is reviewed 30 days after it began, overdue or not.
  private static let casesOfOld = """
    INSERT INTO abuse_case (account_id, state, opening, opened_by, opened_at, next_review, restricted_at, restricted_by)
      SELECT a.id, CASE a.standing WHEN 'restricted' THEN 'restricted' ELSE 'open' END,
        CASE WHEN a.standing = 'flagged' THEN 'flagged'
          WHEN \(origin("a.reason")) = 'automatically' THEN 'restricted automatically' ELSE 'by hand' END,
        'postroom', a.standing_changed_at,
        CASE WHEN a.standing = 'restricted' THEN a.standing_changed_at + 30 * 86400000000 END,
        CASE WHEN a.standing = 'restricted' THEN a.standing_changed_at END,
        CASE WHEN a.standing = 'restricted' THEN \(origin("a.reason")) END
      FROM account a
      WHERE a.standing <> 'good'
        AND NOT EXISTS (SELECT 1 FROM abuse_case k WHERE k.account_id = a.id AND k.state <> 'closed')
      ORDER BY a.standing_changed_at, a.id;
    INSERT INTO case_event (case_id, at, kind, actor, text)
      SELECT k.id, k.opened_at, 'opened', 'postroom', 'case opened: ' || k.opening || ', before there were cases'
      FROM abuse_case k
      WHERE k.state <> 'closed' AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = k.id) ORDER BY k.id;
    INSERT INTO follow_up (case_id, due_at, text, created_by)
      SELECT k.id, k.next_review, 'Review the restriction', 'postroom' FROM abuse_case k
      WHERE k.state = 'restricted' AND k.next_review IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM follow_up f WHERE f.case_id = k.id) ORDER BY k.id;
    UPDATE account SET attention_until = 0
      WHERE id IN (SELECT account_id FROM abuse_case WHERE state <> 'closed');
    """
}
