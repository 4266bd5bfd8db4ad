/// Who receives mail for domains, as DNS said: shared by the engines of a workspace, and shown.
enum ExchangerSchema {
  static let sqlite = """
    CREATE TABLE mail_exchanger (
      domain TEXT PRIMARY KEY,
      answer TEXT NOT NULL CHECK (answer IN ('exchangers', 'implicit', 'null', 'no domain', 'failed')),
      -- '10 mx1.example.net 20 mx2.example.net', or why it failed.
      text TEXT NOT NULL,
      found_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX mail_exchanger_found ON mail_exchanger (found_at, domain);
    CREATE INDEX mail_exchanger_expiry ON mail_exchanger (expires_at, domain);
    """
}
