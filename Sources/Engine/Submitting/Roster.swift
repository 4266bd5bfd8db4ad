import Foundation
public import MailFormats
import SwiftCSV

/// The recipients of the daily send, from CSV: `email` and whatever columns the template uses.
public struct Roster: Sendable {
  public struct Row: Sendable {
    /// Line of the file for errors, the header being line 1.
    public var line: Int
    public var address: Address
    public var fields: [String: String]

    public var name: String { fields["name"] ?? "" }
    public var account: String { (fields["account"] ?? "").trimmingCharacters(in: .whitespaces) }

    /// `nil` when mail may be sent; else why not.
    var consentProblem: String? {
      guard let consent = fields["consent"] else { return nil }
      let word = consent.trimmingCharacters(in: .whitespaces).lowercased()
      return ["", "no", "none", "false", "withdrawn"].contains(word) ? "no consent" : nil
    }
  }

  /// The largest file taken, in bytes.
  static let maximumSize = 64 << 20

  public var rows: [Row]
  /// Lines that could not be used, with why.
  public var problems: [String]
  /// How many of them are mistakes: an address that stands twice is written to once.
  public var mistakes = 0

  /// - Throws: `FileProblem` when it cannot be read, `ConfigurationError` when the file as a whole cannot be used.
  public init(path: String) throws {
    let data = try WholeFile.material(
      path, expected: "a CSV file with a column 'email'", limit: Roster.maximumSize + 1)
    guard data.count <= Roster.maximumSize, let text = String(data: data, encoding: .utf8) else {
      throw ConfigurationError(
        place: .init(file: path), problem: "is too large or not UTF-8", expected: "UTF-8, at most 64 MiB")
    }
    let table: CSV<Named>
    // Spreadsheets put a byte order mark before the first column's name.
    let content = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    do { table = try CSV<Named>(string: content, loadColumns: false) } catch {
      throw ConfigurationError(
        place: .init(file: path), problem: "is not CSV: \(error)", expected: "comma separated values")
    }
    guard table.header.contains("email") else {
      throw ConfigurationError(
        place: .init(file: path, line: 1), problem: "has no column 'email'", expected: "email,name,account,…")
    }
    rows = []
    problems = []
    var seen: Set<String> = []
    for (index, fields) in table.rows.enumerated() {
      let line = index + 2
      do {
        try Roster.refuseControls(fields)
        let address = try Roster.address(fields["email"] ?? "")
        guard seen.insert(address.description.lowercased()).inserted else {
          problems.append("line \(line): the address stands twice")
          continue
        }
        rows.append(Row(line: line, address: address, fields: fields))
      } catch {
        mistakes += 1
        problems.append("line \(line): \(error)")
      }
    }
  }

  private static func address(_ text: String) throws -> Address {
    let text = text.trimmingCharacters(in: .whitespaces)
    if text.isEmpty { throw RosterProblem(description: "column 'email' is empty") }
    do { return try Address(parsing: text) } catch {
      throw RosterProblem(description: "'\(text.prefix(100))' is no address: \(error)")
    }
  }

  /// A line break in a name would be a line break in a header.
  private static func refuseControls(_ fields: [String: String]) throws {
    for (column, value) in fields where value.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
      throw RosterProblem(description: "column '\(column)' holds a control character")
    }
  }
}

struct RosterProblem: Error, CustomStringConvertible {
  var description: String
}
