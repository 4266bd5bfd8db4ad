import GRDB
public import MailModel

/// Mails that their servers list and do not hand out.
public struct UnreadableMails {
  let db: Database

  /// Once for each mail: what is noted again keeps since when.
  public func note(_ mail: UnreadableMail) throws {
    let location = mail.location
    try db.cachedStatement(
      sql: """
        INSERT INTO unreadable_mail (mailbox, uid_validity, uid, reason, since, tried_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (mailbox, uid_validity, uid) DO UPDATE SET reason = excluded.reason, tried_at = excluded.tried_at
        """
    ).execute(arguments: [
      location.mailbox, Int64(location.uidValidity), Int64(location.uid), String(mail.reason.prefix(500)),
      mail.since.microseconds, mail.triedAt.microseconds,
    ])
  }

  /// It was read, or is there no more.
  public func remove(_ location: MailboxLocation) throws {
    try db.cachedStatement(
      sql: "DELETE FROM unreadable_mail WHERE mailbox = $1 AND uid_validity = $2 AND uid = $3"
    ).execute(arguments: [location.mailbox, Int64(location.uidValidity), Int64(location.uid)])
  }

  /// Under another UIDVALIDITY every mail is asked for anew.
  public func removeAll(of mailbox: String, besides uidValidity: UInt32) throws {
    try db.cachedStatement(sql: "DELETE FROM unreadable_mail WHERE mailbox = $1 AND uid_validity <> $2")
      .execute(arguments: [mailbox, Int64(uidValidity)])
  }

  /// - Returns: at most 1,000, those first that were asked for longest ago.
  public func all(of mailbox: String) throws -> [UnreadableMail] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT uid_validity, uid, reason, since, tried_at FROM unreadable_mail WHERE mailbox = $1
          ORDER BY tried_at, uid LIMIT 1000
          """), arguments: [mailbox]
    ).map { row in
      UnreadableMail(
        location: MailboxLocation(
          mailbox: mailbox, uidValidity: UInt32(clamping: row[0] as Int64), uid: UInt32(clamping: row[1] as Int64)),
        reason: row[2], since: Timestamp(microseconds: row[3]), triedAt: Timestamp(microseconds: row[4]))
    }
  }
}
