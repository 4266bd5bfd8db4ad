import Foundation
public import MailFormats

/// The recipients of the daily send, from CSV: `email` and whatever columns the template uses.
public struct Roster: Sendable {
  public struct Row: Sendable {
    /// Line of the file on which it begins, from 1.
    public var line: Int
    public var address: Address
    /// By the name of their column, without white space at the ends.
    public var fields: [String: String]

    /// Why the roster itself says that no mail may be sent; `nil` when it does not.
    public var refusal: String?

    public var name: String { fields["name"] ?? "" }
    public var account: String { fields["account"] ?? "" }
  }

  /// The largest file taken, in bytes.
  static let maximumSize = 64 << 20

  public var rows: [Row]
  public var columns: Set<String>
  /// Lines that could not be used, with why.
  public var problems: [String]
  /// How many of them are mistakes: an address that stands twice is written to once.
  public var mistakes = 0

  /// Columns that mean something here, whatever the template makes of them.
  private static let ours = ["email", "name", "account", "consent"]

  /// A column's name: ours are found however they are written, the template's are as they stand.
  private static func name(_ header: String) -> String {
    let name = header.trimmingCharacters(in: .whitespaces)
    return ours.first { $0 == name.lowercased() } ?? name
  }

  /// - Throws: `FileProblem` when it cannot be read, `ConfigurationError` when the file as a whole cannot be used.
  public init(path: String) throws {
    let bytes = Array(
      try WholeFile.material(path, expected: "a CSV file with a column 'email'", limit: Roster.maximumSize + 1))
    guard bytes.count <= Roster.maximumSize, String(validating: bytes, as: UTF8.self) != nil else {
      throw ConfigurationError(
        place: .init(file: path), problem: "is too large or not UTF-8", expected: "UTF-8, at most 64 MiB")
    }
    var lines = CSVLines(bytes)
    let names = (try? lines.next()?.get())?.fields.map(Roster.name) ?? []
    guard names.contains("email") else {
      throw ConfigurationError(
        place: .init(file: path, line: 1), problem: "has no column 'email'", expected: "email,name,account,…")
    }
    columns = Set(names)
    rows = []
    problems = []
    var seen: [String: Int] = [:]
    while let line = lines.next() {
      do {
        take(try Row(try line.get(), names), &seen)
      } catch {
        mistakes += 1
        problems.append("\(error)")
      }
    }
  }

  private mutating func take(_ row: Row, _ seen: inout [String: Int]) {
    let address = row.address.description.lowercased()
    guard let first = seen[address] else {
      seen[address] = rows.count
      return rows.append(row)
    }
    problems.append("line \(row.line): the address stands twice")
    // Who said no once gets nothing, whatever other lines of theirs say.
    rows[first].refusal = rows[first].refusal ?? row.refusal.map { "\($0) on line \(row.line)" }
  }
}

extension Roster.Row {
  init(_ row: CSVLines.Row, _ names: [String]) throws(CSVLines.Problem) {
    line = row.line
    fields = [:]
    for (index, name) in names.enumerated() {
      let value = index < row.fields.count ? row.fields[index].trimmingCharacters(in: .whitespaces) : ""
      // A line break in a name would be a line break in a header; and lines behind a stray quote would be missed by nobody.
      if value.contains(where: \.isNewline) {
        throw CSVLines.Problem(
          line: row.line, what: "column '\(name)' goes on over several lines: is a quote missing or one too many?")
      }
      if value.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
        throw CSVLines.Problem(line: row.line, what: "column '\(name)' holds a control character")
      }
      fields[name] = value
    }
    let text = fields["email"] ?? ""
    if text.isEmpty { throw CSVLines.Problem(line: row.line, what: "column 'email' is empty") }
    do { address = try Address(parsing: text) } catch {
      throw CSVLines.Problem(line: row.line, what: "'\(text.prefix(100))' is no address: \(error)")
    }
    refusal = RosterRefusal.reason(in: fields)
  }
}
