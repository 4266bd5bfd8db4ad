import Foundation
import Testing

/// DESIGN §3 as a table: what each module may import. Arrows that are not here are forbidden.
@Suite struct ImportTests {
  /// Parts of the platform that any module may use.
  static let platform: Set<String> = ["Foundation", "Glibc", "Dispatch", "Synchronization"]

  static let allowed: [String: Set<String>] = [
    "MailModel": [],
    "MailFormats": ["MailModel", "Crypto"],
    "MailPolicy": ["MailModel"],
    "Storage": ["MailModel", "CSQLite", "GRDB", "GRDBSQLite", "Crypto"],
    "Transport": ["MailModel", "MailFormats", "CCurl"],
    "Engine": [
      "MailModel", "MailFormats", "MailPolicy", "Storage", "Crypto", "DequeModule", "Logging", "Mustache",
      "Yams",
    ],
    "TerminalUI": [],
    "TerminalNcurses": ["TerminalUI", "CNcurses"],
    "Console": ["Engine", "TerminalUI", "MailModel"],
    "Sandbox": ["MailModel", "MailFormats", "NIOCore", "NIOPosix"],
    "postroom": [
      "MailModel", "MailFormats", "MailPolicy", "Storage", "Transport", "Engine", "TerminalUI", "TerminalNcurses",
      "Console", "Sandbox", "ArgumentParser", "Logging",
    ],
  ]

  /// What only one module may touch, and which.
  static let soleUsers: [String: String] = [
    "GRDB": "Storage", "GRDBSQLite": "Storage", "CCurl": "Transport", "CSQLite": "Storage",
    "CNcurses": "TerminalNcurses",
    "NIOCore": "Sandbox", "NIOPosix": "Sandbox",
    "Yams": "Engine", "Mustache": "Engine", "ArgumentParser": "postroom",
  ]

  struct Import {
    var line: SourceTree.Line
    var name: String
  }

  /// `public import struct Foundation.URL` names `Foundation`.
  static func imports(in lines: [SourceTree.Line]) -> [Import] {
    let words: Set<String> = [
      "public", "package", "internal", "fileprivate", "private", "struct", "class", "enum", "protocol", "func", "var",
      "let", "typealias", "actor",
    ]
    return lines.compactMap { line in
      let parts = line.text.split(separator: " ").map(String.init).filter {
        !$0.hasPrefix("@") && !words.contains($0)
      }
      guard parts.count >= 2, parts[0] == "import" else { return nil }
      return Import(line: line, name: String(parts[1].prefix { $0 != "." }))
    }
  }

  @Test func `the tree was read and every module is in the table`() {
    let modules = Set(SourceTree.shared.files.map(\.module))
    #expect(modules.isSuperset(of: ["MailModel", "MailFormats", "MailPolicy", "Storage", "Transport", "Engine"]))
    let unknown = modules.subtracting(ImportTests.allowed.keys)
    #expect(unknown.isEmpty, "rule 'every module is in DESIGN §3': \(unknown.sorted())")
  }

  @Test(arguments: allowed.keys.sorted())
  func `a module imports only what DESIGN 3 allows it`(module: String) {
    let allowed = (ImportTests.allowed[module] ?? []).union(ImportTests.platform)
    for found in ImportTests.imports(in: SourceTree.shared.lines(of: [module])) where !allowed.contains(found.name) {
      Issue.record("rule 'imports of \(module)': \(found.line.place) imports \(found.name)")
    }
  }

  @Test(arguments: soleUsers.keys.sorted())
  func `a library behind an adapter is imported by that adapter only`(library: String) {
    let owner = ImportTests.soleUsers[library]
    for found in ImportTests.imports(in: SourceTree.shared.lines()) where found.name == library {
      if found.line.file.module != owner {
        Issue.record("rule 'only \(owner ?? "") imports \(library)': \(found.line.place)")
      }
    }
  }

  @Test func `no module has a name of its own inside the rules that nothing uses`() throws {
    let manifest = try String(contentsOf: SourceTree.shared.root.appending(path: "Package.swift"), encoding: .utf8)
    for module in ImportTests.allowed.keys {
      #expect(manifest.contains("\"\(module)\""), "rule 'modules of DESIGN §3 are targets': \(module)")
    }
  }

  @Test func `imports are found in every form`() {
    let file = SourceTree.File(module: "X", path: "X.swift", lines: [])
    let lines = [
      "import A", "public import B", "@testable import C", "@preconcurrency public import D", "internal import E",
      "import struct F.G", "// import H", "  let import_ = 1", "important I",
    ].map { SourceTree.Line(file: file, number: 1, text: $0) }
    #expect(ImportTests.imports(in: lines).map(\.name) == ["A", "B", "C", "D", "E", "F"])
  }
}
