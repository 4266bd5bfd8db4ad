import Foundation
import MailFormats
public import MailModel
import Storage

/// The suppression list as comma-separated values: `address,reason,source,account,added_at,expires_at`.
public struct SuppressionFile: Sendable {
  /// One entry to be put on the list.
  public struct Entry: Sendable, Equatable {
    public var line: Int
    public var address: String
    public var reason: String
    public var source: String
    /// Only mail of this account; empty for everybody's.
    public var account: String
    public var expiresAt: Timestamp?
  }

  /// The largest file taken, in bytes, and the most entries.
  static let maximumSize = 64 << 20
  static let maximumEntries = 500_000
  /// Problems that are told one by one.
  static let maximumProblems = 1_000
  static let columns = ["address", "reason", "source", "account", "added_at", "expires_at"]

  public var entries: [Entry] = []
  /// Lines that cannot be used, with why.
  public private(set) var problems: [String] = []

  /// - Throws: `FileProblem` when it cannot be read, `ConfigurationError` when the file as a whole cannot be used.
  public init(path: String) throws {
    let data = try WholeFile.material(path, expected: "a CSV file", limit: SuppressionFile.maximumSize + 1)
    guard data.count <= SuppressionFile.maximumSize else {
      throw ConfigurationError(place: .init(file: path), problem: "is too large", expected: "at most 64 MiB")
    }
    try self.init(Array(data), name: path)
  }

  /// - Throws: `ConfigurationError` when there is no header with a column `address` or `email`.
  init(_ bytes: [UInt8], name: String) throws {
    var lines = CSVLines(bytes)
    guard case .success(let header)? = lines.next() else {
      throw ConfigurationError(
        place: .init(file: name, line: 1), problem: "has no header", expected: "a column 'address'")
    }
    let names = header.fields.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
    guard let place = names.firstIndex(of: "address") ?? names.firstIndex(of: "email") else {
      throw ConfigurationError(
        place: .init(file: name, line: 1), problem: "has no column 'address'",
        expected: SuppressionFile.columns.joined(separator: ","))
    }
    while let row = lines.next() {
      do {
        guard entries.count < SuppressionFile.maximumEntries else {
          note("more than \(SuppressionFile.maximumEntries) entries; the rest is left out")
          break
        }
        entries.append(try SuppressionFile.entry(try row.get(), names, place))
      } catch { note("\(error)") }
    }
  }

  private mutating func note(_ problem: String) {
    if problems.count < SuppressionFile.maximumProblems { problems.append(problem) }
  }

  private static func entry(_ row: CSVLines.Row, _ names: [String], _ place: Int) throws -> Entry {
    func value(_ name: String) -> String {
      guard let index = names.firstIndex(of: name), index < row.fields.count else { return "" }
      return CSVText.unguarded(row.fields[index].trimmingCharacters(in: .whitespaces))
    }
    guard place < row.fields.count else { throw CSVLines.Problem(line: row.line, what: "no address") }
    let text = CSVText.unguarded(row.fields[place].trimmingCharacters(in: .whitespaces))
    let address: Address
    do { address = try Address(parsing: text) } catch {
      throw CSVLines.Problem(line: row.line, what: "'\(text.prefix(80))' is no address: \(error)")
    }
    let until = value("expires_at")
    var expiresAt: Timestamp?
    if !until.isEmpty {
      guard let moment = Clockface.moment(of: until) else {
        throw CSVLines.Problem(line: row.line, what: "'\(until.prefix(40))' is no moment such as 2026-11-21T08:00:00Z")
      }
      expiresAt = moment
    }
    let account = value("account")
    if !account.isEmpty, (try? Address(parsing: account)) == nil {
      throw CSVLines.Problem(line: row.line, what: "'\(account.prefix(80))' is no account's address")
    }
    let reason = value("reason")
    return Entry(
      line: row.line, address: address.description.lowercased(),
      reason: reason.isEmpty ? "imported" : String(reason.prefix(200)), source: String(value("source").prefix(400)),
      account: account.lowercased(), expiresAt: expiresAt)
  }
}

extension OpenWorkspace {
  /// Writes the whole suppression list, window after window, oldest first.
  /// - Throws: `StoreError`, and what `write` throws.
  public func exportSuppressions(_ write: (String) throws -> Void) throws {
    try write(CSVText.line(SuppressionFile.columns))
    var position = PagePosition.start
    while true {
      let page = try store.read { try $0.suppressions.page(isDescending: false, position: position, limit: 1_000) }
      for row in page.rows {
        try write(
          CSVText.line([
            row.address, row.reason, row.source, row.accountAddress ?? "", Clockface.utc(row.addedAt),
            row.expiresAt.map(Clockface.utc) ?? "",
          ]))
      }
      guard page.hasMore, let last = page.last else { return }
      position = .after(last)
    }
  }
}
