import ArgumentParser
import Engine

struct ContactsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contacts", abstract: "The escalation path: who, for what, and how to reach them.",
    discussion: "From contacts.yaml in the workspace, else the file shipped.")

  @OptionGroup var global: GlobalOptions
  @Flag(help: "One JSON object a level.") var json = false

  struct Record: Encodable {
    struct Person: Encodable {
      var name: String
      var ways: [String: String]
    }

    var level: Int
    var name: String
    var handles: String
    var people: [Person]
  }

  func run() throws {
    try global.with { open in
      let levels = try open.contacts().levels
      if json {
        return try Output.json(
          each: levels.map { level in
            Record(
              level: level.number, name: level.name, handles: level.handles,
              people: level.people.map { person in
                let ways = person.ways.map { ($0.kind, $0.value) }
                return .init(name: person.name, ways: Dictionary(ways) { first, _ in first })
              })
          })
      }
      if levels.isEmpty { Output.line("no contacts: write contacts.yaml into the workspace") }
      for level in levels {
        Output.line("L\(level.number)  \(level.name)\(level.handles.isEmpty ? "" : ": \(level.handles)")")
        for person in level.people {
          Output.line("    \(person.name)  " + person.ways.map { "\($0.kind) \($0.value)" }.joined(separator: "  "))
        }
      }
    }
  }
}
