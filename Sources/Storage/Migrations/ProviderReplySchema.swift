/// Finds an attempt by the id that a provider's SMTP reply gave the message: `250 Ok 0100018c…-000000` (Amazon SES).
///
/// Only replies that begin so are in the index, so that every other relay pays nothing for it.
enum ProviderReplySchema {
  static let sqlite = """
    CREATE INDEX attempt_provider_id ON attempt (substr(text, 4, 100)) WHERE substr(text, 1, 4) = 'Ok 0';
    """
}
