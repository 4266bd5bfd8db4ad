import GRDB

/// Builds the one shape of SQL that every table is paged with: filters, keyset condition, order, limit.
struct PageQuery {
  /// Columns and joins: `SELECT m.id, … FROM message m JOIN …`.
  var select: String
  /// The expression sorted by, indexed together with `id`; equal to `id` when sorting by id.
  var sort: String
  var id: String
  var isDescending: Bool
  var position: PagePosition
  var limit: Int
  private(set) var conditions: [String] = []
  private(set) var arguments: [any DatabaseValueConvertible] = []

  init(select: String, sort: String, id: String, isDescending: Bool, position: PagePosition, limit: Int) {
    self.select = select
    self.sort = sort
    self.id = id
    self.isDescending = isDescending
    self.position = position
    self.limit = min(max(limit, 1), 1_000)
  }

  /// Adds a condition; each `?` takes one of `values`.
  mutating func filter(_ condition: String, _ values: any DatabaseValueConvertible...) {
    conditions.append(condition)
    arguments += values
  }

  /// A substring of any of `columns`, taken literally.
  mutating func search(_ text: String, in columns: [String]) {
    guard !text.isEmpty else { return }
    let pattern = PageQuery.pattern(text)
    conditions.append("(" + columns.map { "\($0) LIKE ? ESCAPE '\\'" }.joined(separator: " OR ") + ")")
    arguments += columns.map { _ in pattern }
  }

  /// For `LIKE … ESCAPE '\\'`: a substring, taken literally.
  static func pattern(_ text: String) -> String {
    let escaped = String(text.prefix(200)).replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing(
      "_", with: "\\_")
    return "%\(escaped)%"
  }

  /// Only these rows.
  mutating func only(_ ids: [Int64]) {
    conditions.append("\(id) IN (\(ids.map(String.init).joined(separator: ", ")))")
  }

  /// What an expression ends with, taken literally.
  mutating func suffix(_ text: String, of expression: String) {
    filter("substr(\(expression), -length(?)) = ?", text, text)
  }

  /// One of a set of words; an empty set means all.
  mutating func oneOf(_ column: String, _ words: [String]) {
    guard !words.isEmpty else { return }
    // The words are raw values of enumerations, never text from outside.
    conditions.append("\(column) IN (\(words.map { "'\($0)'" }.joined(separator: ", ")))")
  }

  /// Runs the query. `decode` reads a row; the sort value is in the last column.
  func fetch<Element: Sendable>(_ db: Database, _ decode: (Row) -> (id: Int64, Element)) throws -> Page<Element> {
    var conditions = conditions
    var arguments = arguments
    var isBackwards = false
    switch position {
    case .start: break
    case .after(let key): keyset(key, isGreater: !isDescending, &conditions, &arguments)
    case .before(let key):
      isBackwards = true
      keyset(key, isGreater: isDescending, &conditions, &arguments)
    }
    let direction = isDescending != isBackwards ? "DESC" : "ASC"
    let order = sort == id ? "\(id) \(direction)" : "\(sort) \(direction), \(id) \(direction)"
    let sql =
      "\(select) " + (conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND ")) ")
      + "ORDER BY \(order) LIMIT \(limit + 1)"
    let selected = sql.replacing("/*sort*/", with: ", \(sort)")
    var rows = try Row.fetchAll(db, sql: selected, arguments: StatementArguments(arguments))
    let hasMore = rows.count > limit
    if hasMore { rows.removeLast() }
    if isBackwards { rows.reverse() }
    let keys = rows.map { row in
      PageKey(value: DatabaseValue.fromDatabaseValue(row[row.count - 1]) ?? .null, id: decode(row).id)
    }
    return Page(rows: rows.map { decode($0).1 }, first: keys.first, last: keys.last, hasMore: hasMore)
  }

  private func keyset(
    _ key: PageKey, isGreater: Bool, _ conditions: inout [String], _ arguments: inout [any DatabaseValueConvertible]
  ) {
    let sign = isGreater ? ">" : "<"
    if sort == id {
      conditions.append("\(id) \(sign) ?")
      arguments.append(key.id)
    } else {
      conditions.append("(\(sort), \(id)) \(sign) (?, ?)")
      arguments += [key.value, key.id]
    }
  }
}
