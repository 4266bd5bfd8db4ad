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
    var fields: [String: String] = [:]
    for (index, line) in lines[..<blank].enumerated() {
      guard let colon = line.firstIndex(of: ":") else {
        throw ConfigurationError(
          place: .init(file: path, line: index + 1), problem: "is no header line", expected: "Name: value")
      }
      fields[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    do {
      from = try DailyTemplate.compile(fields["from"] ?? "{{account}}")
      subject = try DailyTemplate.compile(fields["subject"] ?? "")
      text = try DailyTemplate.compile(lines[(blank + 1)...].joined(separator: "\n"))
    } catch {
      throw ConfigurationError(
        place: .init(file: path), problem: "is no Mustache template: \(error)", expected: "{{column}} of the roster")
    }
  }

  /// Plain text, not HTML: nothing is escaped.
  private static func compile(_ source: String) throws -> MustacheTemplate {
    try MustacheTemplate(string: "{{% CONTENT_TYPE: TEXT}}\n" + source)
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
