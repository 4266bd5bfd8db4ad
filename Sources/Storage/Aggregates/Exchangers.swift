import GRDB
public import MailModel

/// What DNS said about who receives mail for domains. A cache: it may be emptied at any time.
public struct Exchangers {
  /// Domains that are kept.
  public static let capacity = 50_000

  public struct Known: Sendable, Equatable {
    public var domain: String
    public var answer: ExchangerAnswer
    public var foundAt: Timestamp
    public var expiresAt: Timestamp

    public init(domain: String, answer: ExchangerAnswer, foundAt: Timestamp, expiresAt: Timestamp) {
      self.domain = domain
      self.answer = answer
      self.foundAt = foundAt
      self.expiresAt = expiresAt
    }
  }

  let db: Database

  public func get(_ domain: String) throws -> Known? {
    try Row.fetchOne(
      db.cachedStatement(sql: "\(Exchangers.select) WHERE domain = $1"), arguments: [domain]
    ).map(Exchangers.decode)
  }

  /// What was found out since, at most `limit`, the oldest first.
  public func found(since moment: Timestamp, limit: Int = Exchangers.capacity) throws -> [Known] {
    try Row.fetchAll(
      db.cachedStatement(sql: "\(Exchangers.select) WHERE found_at >= $1 ORDER BY found_at, domain LIMIT $2"),
      arguments: [moment.microseconds, limit]
    ).map(Exchangers.decode)
  }

  public func set(_ known: Known) throws {
    let (answer, text) = Exchangers.encode(known.answer)
    try db.cachedStatement(
      sql: """
        INSERT INTO mail_exchanger (domain, answer, text, found_at, expires_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (domain) DO UPDATE SET answer = excluded.answer, text = excluded.text,
          found_at = excluded.found_at, expires_at = excluded.expires_at
        """
    ).execute(arguments: [known.domain, answer, text, known.foundAt.microseconds, known.expiresAt.microseconds])
  }

  /// Forgets what expired before `moment`, and what expires first beyond the capacity.
  public func tidy(expiredBefore moment: Timestamp, capacity: Int = Exchangers.capacity) throws {
    try db.cachedStatement(sql: "DELETE FROM mail_exchanger WHERE expires_at < $1").execute(
      arguments: [moment.microseconds])
    try db.cachedStatement(
      sql: """
        DELETE FROM mail_exchanger WHERE domain IN (SELECT domain FROM mail_exchanger
          ORDER BY expires_at, domain LIMIT max(0, (SELECT count(*) FROM mail_exchanger) - $1))
        """
    ).execute(arguments: [capacity])
  }

  /// Recipients of what is due next, in that order.
  public func nextRecipients(limit: Int) throws -> [String] {
    try String.fetchAll(
      db.cachedStatement(
        sql: "SELECT recipient FROM message WHERE state = 'queued' ORDER BY next_attempt_at, id LIMIT $1"),
      arguments: [limit])
  }

  /// Domains after this one that anything waits for, by name.
  public func waitingDomains(after domain: String, limit: Int) throws -> [String] {
    try String.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT DISTINCT domain FROM destination WHERE domain > $1 AND kind IN ('queued', 'deferred')
          ORDER BY domain LIMIT $2
          """),
      arguments: [domain, limit])
  }

  private static let select = "SELECT domain, answer, text, found_at, expires_at FROM mail_exchanger"

  private static func encode(_ answer: ExchangerAnswer) -> (answer: String, text: String) {
    switch answer {
    case .exchangers(let exchangers):
      ("exchangers", exchangers.map { "\($0.preference) \($0.host)" }.joined(separator: " "))
    case .implicit: ("implicit", "")
    case .null: ("null", "")
    case .noDomain: ("no domain", "")
    case .failed(let reason): ("failed", String(reason.prefix(300)))
    }
  }

  private static func decode(_ row: Row) -> Known {
    let text: String = row[2]
    let answer: ExchangerAnswer
    switch row[1] as String {
    case "exchangers":
      let words = text.split(separator: " ")
      answer = .exchangers(
        stride(from: 0, to: words.count - 1, by: 2).map {
          MailExchanger(preference: Int(words[$0]) ?? 0, host: String(words[$0 + 1]))
        })
    case "implicit": answer = .implicit
    case "null": answer = .null
    case "no domain": answer = .noDomain
    default: answer = .failed(reason: text)
    }
    return Known(
      domain: row[0], answer: answer, foundAt: Timestamp(microseconds: row[3]),
      expiresAt: Timestamp(microseconds: row[4]))
  }
}
