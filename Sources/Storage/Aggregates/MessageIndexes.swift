/// The conditions of the message table's partial indexes, as the schema writes them: SQLite uses such an index only for
/// a query that says the same.
enum MessageIndexes {
  /// Everything that may still go out by itself.
  static let active = "(m.state = 'queued' OR m.state = 'leased' OR m.state = 'armed')"
  /// Everything that neither waits nor was sent.
  static let exceptions = "m.state <> 'queued' AND m.state <> 'leased' AND m.state <> 'armed' AND m.state <> 'sent'"
  /// What is leased and not armed. The plus keeps SQLite from an index of what waits, which has every queued message.
  static let leased = "state IN ('leased', 'armed') AND +state = 'leased'"
  /// What an account has waiting; `state = 'held'` and the like imply it by themselves.
  static let accountWaiting = "(state = 'queued' OR state = 'leased' OR state = 'held')"
}
