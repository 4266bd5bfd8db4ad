import ArgumentParser
import Engine
import Storage

/// What every command that lists a table understands, and how it reads and prints.
struct TableOptions: ParsableArguments {
  @Option(help: "Only rows that contain this text; the words that a table knows besides, if any, stand above.")
  var filter: String = ""
  @Option(help: "How many at the most.") var limit = 50
  @Flag(help: "One JSON object a row.") var json = false

  func validate() throws {
    guard limit >= 0 else { throw ValidationError("--limit: \(limit) is no number of rows") }
  }

  /// The filter, as the console reads it.
  ///
  /// - Throws: `ValidationError` for a word that this table does not know: taken as text it would let nothing through,
  ///   and that would look like an answer.
  func words(_ words: FilterWords = .textOnly) throws -> Filter {
    let filter = Filter(filter, words)
    if let problem = filter.problem { throw ValidationError("--filter: \(problem)") }
    return filter
  }

  private var nothing: String {
    if filter.isEmpty { return "no rows" }
    let word = Filter(filter, .textOnly).searchedWord.map {
      "; '\($0)' is no word of this table and was searched for as text"
    }
    return "nothing fits the filter '\(filter)'" + (word ?? "")
  }

  /// Reads window after window until there are `limit` rows, and prints them.
  func list<Row, Record: Encodable>(
    _ open: OpenWorkspace, _ header: [String], columns: (Row) -> [String], record: (Row) -> Record,
    page: (Transaction, PagePosition, Int) throws -> Page<Row>
  ) throws {
    var rows: [Row] = []
    var position = PagePosition.start
    while rows.count < limit {
      let window = try open.store.read { try page($0, position, limit - rows.count) }
      rows += window.rows
      guard window.hasMore, let last = window.last else { break }
      position = .after(last)
    }
    if json { return try Output.json(each: rows.map(record)) }
    Output.table(header, rows.map(columns))
    // Nothing but headings looks like an answer, and may be one to another question.
    if rows.isEmpty, limit > 0 { Output.note(nothing) }
  }
}
