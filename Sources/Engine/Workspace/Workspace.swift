public import Foundation
import MailModel
public import Storage

/// A folder with `.env`, the store and the latch file: everything that one team's sending shares.
public struct Workspace: Sendable {
  public let folder: URL
  public let configuration: Configuration
  /// Keys of `.env` that nothing reads: probably misspelt.
  public let unknownKeys: [(key: String, line: Int)]
  /// Lines of `.env` that a later line of the same key made idle.
  public let overriddenLines: [(key: String, line: Int)]
  /// Lines of `.env` that do nothing because another spelling of their key says something else.
  public let outspeltLines: [(key: String, line: Int, by: String)]

  /// Reads the configuration; opens nothing.
  ///
  /// - Throws: `ConfigurationError`: no `.env`, one that others can read, or a wrong or missing key.
  public init(folder: URL, environment: [String: String]) throws {
    self.folder = folder.standardizedFileURL
    let path = folder.appending(path: ".env").path
    try Workspace.refuseOpenFile(path)
    guard let data = FileManager.default.contents(atPath: path) else { throw Workspace.notOurs(path) }
    guard let text = String(data: data, encoding: .utf8) else {
      throw ConfigurationError(place: .init(file: path), problem: "is not UTF-8", expected: "UTF-8 text")
    }
    let file = try DotEnv(parsing: text, file: path)
    let values = try ConfigurationValues(file: file, named: path, environment: environment)
    var configuration = try Configuration(values)
    if !configuration.caFile.isEmpty, !configuration.caFile.hasPrefix("/") {
      configuration.caFile = folder.appending(path: configuration.caFile).path
    }
    self.configuration = configuration
    unknownKeys = values.unknown
    overriddenLines = file.overridden.map { ($0.key, $0.line) }
    outspeltLines = values.outspelt
  }

  private static func refuseOpenFile(_ path: String) throws {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == EACCES { throw notOurs(path) }
      throw ConfigurationError(
        place: .init(file: path), problem: "there is no such file",
        expected: "a workspace; make one with 'postroom init DIR'")
    }
    guard SharedFolder.keepsPrivate(status, in: URL(filePath: path).deletingLastPathComponent().path) else {
      throw ConfigurationError(
        place: .init(file: path), problem: "others can read it (mode \(String(status.st_mode & 0o777, radix: 8)))",
        expected: "mode 600, run: chmod 600 \(path); or a workspace shared with a group (docs/roles-and-audit.md)")
    }
  }

  /// A workspace of somebody who has not shared it.
  private static func notOurs(_ path: String) -> ConfigurationError {
    ConfigurationError(
      place: .init(file: path), problem: "\(Operators.systemUser()) may not read it",
      expected: "a workspace shared with a group of yours (docs/roles-and-audit.md, Sharing a workspace)")
  }

  /// Where the store and the latch file are.
  public var stateFolder: URL {
    configuration.stateDirectory.hasPrefix("/")
      ? URL(filePath: configuration.stateDirectory)
      : folder.appending(path: configuration.stateDirectory).standardizedFileURL
  }

  public var storePath: String { stateFolder.appending(path: "postroom.sqlite").path }
  /// Its presence is the emergency stop; `touch` works.
  public var latchPath: String { stateFolder.appending(path: "STOP").path }
  /// Beside the database, and in no backup of it: see `WorkspaceMark`.
  public var markPath: String { stateFolder.appending(path: "workspace.mark").path }
  public var keyPath: String { stateFolder.appending(path: "token.key").path }
  public var engineLockPath: String { stateFolder.appending(path: "engine.lock").path }
  /// What engines put on record around each final dot.
  public var journalFolder: URL { stateFolder.appending(path: "dots") }
  /// Passwords of inboxes; beside `.env`, in no backup of the store.
  public var secretsFolder: URL { folder.appending(path: "secrets") }
  public var operatorsPath: String { folder.appending(path: "operators").path }
  public var outbox: URL { folder.appending(path: "outbox") }
  public var sendLogPath: String { outbox.appending(path: "send_log.jsonl").path }

  /// A path of the configuration, relative to the workspace.
  public func resolve(_ path: String) -> URL {
    path.hasPrefix("/") ? URL(filePath: path) : folder.appending(path: path)
  }

  /// - Throws: `StoreError`.
  public func openStore() throws -> Store { try Store(path: storePath) }
}
