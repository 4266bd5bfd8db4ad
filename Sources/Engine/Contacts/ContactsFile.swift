import Foundation
import Yams

/// Reads `contacts.yaml`. Errors name the line.
struct ContactsFile {
  private static let ways = ["phone", "email", "chat", "url", "note"]
  private let file: String

  /// - Throws: `ConfigurationError`.
  static func read(_ url: URL) throws -> Contacts {
    try parse(try WholeFile.text(url.path, expected: "contacts in UTF-8"), file: url.path)
  }

  /// - Throws: `ConfigurationError`.
  static func parse(_ text: String, file: String) throws -> Contacts {
    let root: Node?
    do { root = try Yams.compose(yaml: text) } catch let error as YamlError {
      throw ConfigurationError(yaml: error, text: text, file: file, expected: "levels, as in the file shipped")
    }
    return try ContactsFile(file: file).contacts(root)
  }

  private func contacts(_ root: Node?) throws -> Contacts {
    guard let root else { return .none }
    let map = try mapping(root, keys: ["levels"], what: "the file")
    guard let list = map["levels"]?.sequence else { throw problem(root, "has no list of levels", "levels:") }
    let levels = try list.map(level)
    for (index, level) in levels.enumerated() where level.number != index + 1 {
      throw problem(list[index], "level \(level.number) stands at place \(index + 1)", "levels 1, 2, 3, 4 in order")
    }
    guard levels.count <= 4 else { throw problem(list[4], "is a fifth level", "at most four levels") }
    return Contacts(levels: levels)
  }

  private func level(_ node: Node) throws -> Contacts.Level {
    let map = try mapping(node, keys: ["level", "name", "handles", "people"], what: "a level")
    guard let number = map["level"]?.int, (1...4).contains(number) else {
      throw problem(map["level"] ?? node, "has no level from 1 to 4", "level: 1")
    }
    return Contacts.Level(
      number: number, name: try text(map["name"], in: node, key: "name"),
      handles: try map["handles"].map { try text($0, in: node, key: "handles") } ?? "",
      people: try people(map["people"]))
  }

  private func people(_ node: Node?) throws -> [Contacts.Person] {
    guard let node else { return [] }
    guard let list = node.sequence else { throw problem(node, "people is no list", "- name: …") }
    return try list.map { entry in
      let map = try mapping(entry, keys: ["name"] + ContactsFile.ways, what: "a person")
      let ways = try ContactsFile.ways.compactMap { kind in
        try map[kind].map { (kind: kind, value: try text($0, in: entry, key: kind)) }
      }
      guard !ways.isEmpty else {
        throw problem(entry, "cannot be reached", "one of \(ContactsFile.ways.joined(separator: ", "))")
      }
      return Contacts.Person(name: try text(map["name"], in: entry, key: "name"), ways: ways)
    }
  }

  /// A mapping whose keys are all known: a misspelt phone number is worse than an error.
  private func mapping(_ node: Node, keys: [String], what: String) throws -> [String: Node] {
    guard let mapping = node.mapping else { throw problem(node, "\(what) is no mapping", "key: value") }
    var found: [String: Node] = [:]
    for (key, value) in mapping {
      guard let name = key.string, keys.contains(name) else {
        throw problem(key, "\(what) has no '\(key.string ?? "?")'", "one of \(keys.joined(separator: ", "))")
      }
      found[name] = value
    }
    return found
  }

  private func text(_ node: Node?, in parent: Node, key: String) throws -> String {
    guard let text = node?.scalar?.string, !text.allSatisfy(\.isWhitespace) else {
      throw problem(node ?? parent, "'\(key)' is missing or empty", "\(key): words")
    }
    guard text.utf8.count <= 500 else { throw problem(node ?? parent, "'\(key)' is too long", "at most 500 bytes") }
    return text
  }

  private func problem(_ node: Node, _ problem: String, _ expected: String) -> ConfigurationError {
    ConfigurationError(place: .init(file: file, line: node.mark?.line), problem: problem, expected: expected)
  }
}

extension OpenWorkspace {
  /// The escalation path: `contacts.yaml` of the workspace, else the one shipped.
  ///
  /// - Throws: `ConfigurationError` with file and line.
  public func contacts() throws -> Contacts {
    let files = [workspace.folder.appending(path: "contacts.yaml"), dataFolder.appending(path: "contacts.yaml")]
    guard let file = files.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else { return .none }
    var contacts = try ContactsFile.read(file)
    contacts.isSample = file == files[1]
    return contacts
  }
}
