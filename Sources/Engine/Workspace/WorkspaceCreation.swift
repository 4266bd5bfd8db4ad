public import Foundation
public import MailModel
import Storage

/// Makes a new workspace: folder, `.env`, `operators`, token key, store with an open permit.
public enum WorkspaceCreation {
  /// - Parameters:
  ///   - settings: keys to write as real lines of `.env`; all others appear as comments.
  ///   - owner: the system user who becomes lead.
  /// What is there already is kept: a `.env` that was written first, a token key that signed mail. Only a store that is
  /// there already is refused.
  ///
  /// - Returns: what was made.
  /// - Throws: `ConfigurationError` when a workspace is there already, and errors of the file system and the store.
  public static func create(
    at folder: URL, settings: [String: String], owner: Actor, now: Timestamp, environment: [String: String] = [:]
  ) throws -> [String] {
    let environmentFile = folder.appending(path: ".env")
    var made: [String] = []
    if !FileManager.default.fileExists(atPath: environmentFile.path) {
      let text = filledIn(settings)
      // Checked before anything is made, so that a second try does not find half a workspace.
      _ = try Configuration(
        ConfigurationValues(
          file: DotEnv(parsing: text, file: environmentFile.path), named: environmentFile.path, environment: environment
        ))
      try PrivateFile.makeFolder(folder.path)
      try PrivateFile.write(text, to: environmentFile.path)
      made.append(".env")
    }
    let workspace = try Workspace(folder: folder, environment: environment)
    try refuseExisting(workspace)
    made += try writeFiles(workspace, owner: owner)
    try makeStore(workspace, owner: owner, now: now)
    return made + ["postroom.sqlite", "outbox/"]
  }

  private static func refuseExisting(_ workspace: Workspace) throws {
    if FileManager.default.fileExists(atPath: workspace.storePath) { throw existing(workspace) }
  }

  private static func existing(_ workspace: Workspace) -> ConfigurationError {
    ConfigurationError(
      place: .init(file: workspace.storePath), problem: "there is a workspace already",
      expected: "a new or empty folder")
  }

  private static func writeFiles(_ workspace: Workspace, owner: Actor) throws -> [String] {
    try PrivateFile.makeFolder(workspace.stateFolder.path)
    try PrivateFile.makeFolder(workspace.outbox.path)
    try PrivateFile.write(EnvExample.text, to: workspace.folder.appending(path: ".env.example").path)
    var made = [".env.example"]
    if !FileManager.default.fileExists(atPath: workspace.operatorsPath) {
      try PrivateFile.write(Operators.initialText(owner: owner.name), to: workspace.operatorsPath)
      made.append("operators")
    }
    if !FileManager.default.fileExists(atPath: workspace.keyPath) {
      try TokenKey.create(at: workspace.keyPath)
      made.append("token.key")
    }
    return made
  }

  private static func makeStore(_ workspace: Workspace, owner: Actor, now: Timestamp) throws {
    // The mode of the database is also that of the journal files beside it. Somebody else may have made one meanwhile.
    let descriptor = PrivateFile.open(workspace.storePath, O_WRONLY | O_CREAT | O_EXCL)
    guard descriptor >= 0 else {
      throw errno == EEXIST ? existing(workspace) : FileProblem(path: workspace.storePath, code: errno)
    }
    close(descriptor)
    let store = try Store(path: workspace.storePath, create: true)
    try store.write { transaction in
      let permit = SendPermit(
        state: .open, generation: 1, changedAt: now, changedBy: owner.name, reason: "new workspace")
      _ = try transaction.permit.replace(permit, expectedGeneration: 0)
      _ = try transaction.audit.append(
        at: now, actor: owner, operation: "workspace.init", subject: "workspace", reason: "", detailsJSON: "{}")
    }
    try store.close()
  }

  /// The example with `settings` filled in.
  private static func filledIn(_ settings: [String: String]) -> String {
    EnvExample.text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let name = line.drop { $0 == "#" }.prefix { $0 != "=" }
      guard line.contains("="), let value = settings[String(name)] else { return String(line) }
      return "\(name)=\(quoted(value))"
    }.joined(separator: "\n")
  }

  private static func quoted(_ value: String) -> String {
    let isPlain = value.utf8.allSatisfy {
      ($0 >= 43 && $0 <= 58) || ($0 >= 64 && $0 <= 90) || ($0 >= 95 && $0 <= 122 && $0 != 96)
    }
    if isPlain { return value }
    let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    return "\"\(escaped)\""
  }
}
