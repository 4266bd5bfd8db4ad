import ArgumentParser
import Engine
import Foundation
import Logging
import Synchronization

/// Where the workspace is. The same for every subcommand.
struct GlobalOptions: ParsableArguments {
  /// The `--workspace` of the command line; set once, before anything is parsed.
  static var leading: String? {
    get { leadingFolder.withLock { $0 } }
    set { leadingFolder.withLock { $0 = newValue } }
  }
  private static let leadingFolder = Mutex<String?>(nil)
  private static let leadingReadOnly = Atomic<Bool>(false)

  /// Takes the options of every command away from the arguments, wherever they stand: before the command, between it and
  /// its subcommand, or behind.
  static func take(from arguments: inout [String]) {
    var rest: [String] = []
    var words = arguments[...]
    while let word = words.popFirst() {
      if word == "--" {
        rest.append(word)
        break
      } else if word == "--workspace", let folder = words.first {
        leading = folder
        words.removeFirst()
      } else if word.hasPrefix("--workspace=") {
        leading = String(word.dropFirst("--workspace=".count))
      } else if word == "--read-only" {
        leadingReadOnly.store(true, ordering: .relaxed)
      } else {
        rest.append(word)
      }
    }
    arguments = rest + words
  }

  @Option(name: .long, help: "The workspace's folder (default: POSTROOM_WORKSPACE, else the current folder).")
  var workspace: String?

  @Flag(help: "Only look: no operation is done, whatever your role. The emergency stop works all the same.")
  var readOnly = false

  var folder: URL {
    let environment = ProcessInfo.processInfo.environment["POSTROOM_WORKSPACE"].flatMap { $0.isEmpty ? nil : $0 }
    return URL(filePath: workspace ?? GlobalOptions.leading ?? environment ?? ".", directoryHint: .isDirectory)
  }

  /// - Throws: `ConfigurationError`.
  func read() throws -> Workspace {
    try Workspace(folder: folder, environment: ProcessInfo.processInfo.environment)
  }

  /// - Throws: `ConfigurationError`, `StoreError`.
  func open(logFile: String? = nil) throws -> OpenWorkspace {
    let workspace = try read()
    let log = LogOutput.logger(level: workspace.configuration.logLevel, file: logFile)
    return try OpenWorkspace(
      workspace, dataFolder: try Resources.dataFolder(), log: log,
      isReadOnly: readOnly || GlobalOptions.leadingReadOnly.load(ordering: .relaxed))
  }

  /// Opens, runs and closes.
  func with<Result>(_ body: (OpenWorkspace) throws -> Result) throws -> Result {
    let workspace = try open()
    defer { workspace.close() }
    return try body(workspace)
  }
}
