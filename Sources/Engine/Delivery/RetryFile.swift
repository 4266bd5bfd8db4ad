import Foundation
import MailModel
import MailPolicy
import Yams

/// `data/retry.yaml` into classes of refusals.
enum RetryFile {
  private struct File: ClosedKeys {
    var classes: [Closed<Entry>]?

    enum CodingKeys: String, CodingKey, CaseIterable { case classes }
  }

  private struct Entry: ClosedKeys {
    var name: String
    var status: [String]?
    var phrases: [String]?
    var first: String
    var longest: String

    enum CodingKeys: String, CodingKey, CaseIterable { case name, status, phrases, first, longest }
  }

  /// The first of `folders` that has the file; no classes when none has.
  /// - Throws: `ConfigurationError` that names the file and what is wrong in it.
  static func read(from folders: [URL]) throws(ConfigurationError) -> [RetryClass] {
    let files = folders.map { $0.appending(path: "retry.yaml") }
    guard let file = files.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else { return [] }
    let text = try WholeFile.text(file.path, expected: "UTF-8 text in YAML")
    let content: File
    do { content = try YAMLDecoder().decode(Closed<File>.self, from: text).content } catch {
      throw ConfigurationError(
        yaml: error, text: text, file: file.path,
        expected: "classes with name, status, phrases, first and longest, as in the file shipped")
    }
    var classes: [RetryClass] = []
    for entry in content.classes ?? [] { classes.append(try retryClass(entry.content, file)) }
    return classes
  }

  private static func retryClass(_ entry: Entry, _ file: URL) throws(ConfigurationError) -> RetryClass {
    let statuses = entry.status ?? []
    let phrases = entry.phrases ?? []
    guard !entry.name.isEmpty, !(statuses + phrases).isEmpty, !phrases.contains("") else {
      throw problem(file, "class '\(entry.name)' matches nothing", "a name, and a status or a phrase")
    }
    if let wrong = statuses.first(where: { EnhancedStatus($0)?.description != $0 || !$0.hasPrefix("4.") }) {
      throw problem(file, "status '\(wrong)' of class '\(entry.name)'", "a temporary enhanced status such as 4.2.2")
    }
    guard let first = ShapingFile.span(entry.first), let longest = ShapingFile.span(entry.longest), first <= longest
    else {
      throw problem(
        file, "class '\(entry.name)' waits from '\(entry.first)' to '\(entry.longest)'",
        "such as 30s, 5min, 2h or 7d, the longest not below the first")
    }
    return RetryClass(
      name: entry.name, statuses: Set(statuses), phrases: phrases, firstDelay: first, longestDelay: longest)
  }

  private static func problem(_ file: URL, _ what: String, _ expected: String) -> ConfigurationError {
    ConfigurationError(place: .init(file: file.path), problem: what, expected: expected)
  }
}
