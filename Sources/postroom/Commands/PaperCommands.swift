import ArgumentParser
import Console
import Engine
import Foundation
import TerminalUI

struct DocsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "docs", abstract: "Print a page that is made from the program: configuration, operations, keys or env."
  )

  enum Page: String, ExpressibleByArgument, CaseIterable { case configuration, operations, keys, env }

  @Argument(help: "configuration, operations, keys or env.") var page: Page

  func run() throws {
    switch page {
    case .configuration: Output.own(EnvExample.markdown)
    case .env: Output.own(EnvExample.text)
    case .operations: Output.own(Papers.operations)
    case .keys: Output.own(Papers.keys(try KeymapFile.read(nil)))
    }
  }
}

struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "Check a keymap.", subcommands: [Check.self], defaultSubcommand: Check.self)

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check", abstract: "Find clashes, unknown commands, unreachable keys and an unbound emergency stop.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: "A keymap to lay over the one shipped (default: the workspace's own).") var file: String?

    func run() throws {
      let keymap = try KeymapFile.read(file.map { URL(filePath: $0) }, workspace: global.folder)
      let issues = keymap.issues(against: ConsoleVocabulary.vocabulary)
      for issue in issues { Output.error("\(issue)") }
      if !issues.isEmpty { throw ExitStatus.configuration.code }
      Output.line("no problems")
    }
  }
}

/// The keymap in use.
enum KeymapFile {
  /// The shipped one, with `file` or else the workspace's own laid over it.
  ///
  /// - Throws: TerminalUI's `ConfigurationError` with every line that is wrong; `FileProblem` for a file that cannot be read.
  static func read(_ file: URL?, workspace: URL? = nil) throws -> Keymap {
    let shipped = try parse(try Resources.keymap())
    let own = workspace?.appending(path: "keymaps.conf")
    let isThere = own.map { FileManager.default.fileExists(atPath: $0.path) } ?? false
    guard let named = file ?? (isThere ? own : nil) else { return shipped }
    return shipped.extended(by: try parse(named))
  }

  private static func parse(_ url: URL) throws -> Keymap {
    try Keymap(parsing: try Input.text(of: url.path), file: url.path)
  }
}

/// Pages made from the tables that the program itself uses.
enum Papers {
  static var operations: String {
    var lines = [
      "# Operations", "", "Made from the list of operations by `postroom docs operations`; a test compares the two.",
      "",
      "Every change to the world is one of these: by key, by `:` command, in the palette (`C-p`), or `postroom do ID TARGET…`. Each",
      "writes its audit row in the transaction of its effect.", "",
      "| operation | title | acts on | role | confirmation | arguments | what it does |",
      "|---|---|---|---|---|---|---|",
    ]
    for record in Engine.Operation.all.map(OperationsCommand.Record.init) {
      lines.append(
        "| `\(record.id)` | \(record.title) | \(record.target) | \(record.role) | \(record.confirmation) | "
          + "\(record.arguments.joined(separator: ", ")) | \(record.help) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  static func keys(_ keymap: Keymap) -> String {
    var lines = [
      "# Keys", "", "Made from `keymaps.conf` by `postroom docs keys`; a test compares the two.", "",
      "A pane has the keys of its own section and those of `[*]`.",
    ]
    for section in keymap.sections where !section.bindings.isEmpty {
      let own = section.bindings
      lines += [
        "", "## \(section.name == "*" ? "Everywhere" : section.name.capitalized)", "", "| keys | command | |",
        "|---|---|---|",
      ]
      for binding in own {
        let keys = binding.keys.map { "`\($0.description.replacing("|", with: "\\|"))`" }.joined(separator: " ")
        lines.append("| \(keys) | `:\(binding.command)` | \(binding.label) |")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
