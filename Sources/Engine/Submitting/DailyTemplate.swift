import Foundation
import MailFormats
import MailModel
import Mustache

/// A template of the daily send: `From`, `To` and `Subject` lines, a blank line, the text; Mustache in all of them.
struct DailyTemplate: Sendable {
  let name: String
  private let from: MustacheTemplate
  private let subject: MustacheTemplate
  private let text: MustacheTemplate
  /// What it takes from the roster, without what may be missing (`{{#name}}…{{/name}}`).
  let names: [String]
  /// What every message has, whatever the roster says.
  static let given: Set<String> = ["account", "date"]

  /// - Throws: `ConfigurationError`.
  init(path: String) throws {
    let source = try WholeFile.text(path, expected: "a template in UTF-8")
    name = URL(filePath: path).lastPathComponent
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.hasSuffix("\r") ? $0.dropLast() : $0
    }
    guard let blank = lines.firstIndex(where: \.isEmpty) else {
      throw ConfigurationError(
        place: .init(file: path), problem: "has no blank line", expected: "header lines, a blank line, the text")
    }
    var fields: [String: (text: String, line: Int)] = [:]
    for (index, line) in lines[..<blank].enumerated() {
      guard let colon = line.firstIndex(of: ":") else {
        throw ConfigurationError(
          place: .init(file: path, line: index + 1), problem: "is no header line", expected: "Name: value")
      }
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      fields[line[..<colon].lowercased()] = (value, index + 1)
    }
    let compile = { (text: String, line: Int) throws(ConfigurationError) in
      try TemplateText.compile(text, of: path, line: line, expected: "{{column}} of the roster")
    }
    from = try compile(fields["from"]?.text ?? "{{account}}", fields["from"]?.line ?? 1)
    subject = try compile(fields["subject"]?.text ?? "", fields["subject"]?.line ?? 1)
    text = try compile(lines[(blank + 1)...].joined(separator: "\n"), blank + 2)
    names = TemplateText.names(in: source)
  }

  /// - Throws: `HeaderError`, `AddressError`: a value that cannot stand in a header.
  func render(_ row: Roster.Row, account: String, now: Timestamp) throws -> [UInt8] {
    var values = row.fields
    values["account"] = account
    values["date"] = Clockface.day(now)
    let sender = AddressList.parse(from.render(values)).first ?? Mailbox(address: account)
    let address = try Address(parsing: sender.address)
    let draft = MessageDraft(
      from: NamedAddress(displayName: sender.displayName, address: address),
      to: [NamedAddress(displayName: row.name, address: row.address)], subject: subject.render(values),
      date: MailDate.format(now), messageID: "<\(UUID().uuidString.lowercased())@\(address.domain)>",
      text: text.render(values))
    return try MessageComposer.compose(draft)
  }
}
