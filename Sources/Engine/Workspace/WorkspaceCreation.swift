public import Foundation
public import MailModel
import Storage

/// Makes a new workspace: folder, `.env`, `operators`, token key, store with an open permit.
public enum WorkspaceCreation {
  /// - Parameters:
  ///   - settings: keys to write as real lines of `.env`; all others appear as comments.
  ///   - owner: the system user who becomes lead.
  /// - Returns: what was made, one line each.
  /// - Throws: `ConfigurationError` when a workspace is there already, and errors of the file system and the store.
  public static func create(at folder: URL, settings: [String: String], owner: Actor, now: Timestamp) throws -> [String]
  {
    let files = FileManager.default
    let environmentFile = folder.appending(path: ".env")
    guard !files.fileExists(atPath: environmentFile.path) else {
      throw ConfigurationError(
        place: .init(file: environmentFile.path), problem: "there is a workspace already",
        expected: "a new or empty folder")
    }
    let text = environment(settings)
    // Checked before anything is made, so that a second try does not find half a workspace.
    _ = try Configuration(
      ConfigurationValues(
        file: DotEnv(parsing: text, file: environmentFile.path), named: environmentFile.path, environment: settings))
    let isPrivate: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
    try files.createDirectory(at: folder, withIntermediateDirectories: true, attributes: isPrivate)
    try PrivateFile.write(text, to: environmentFile.path)
    let workspace = try Workspace(folder: folder, environment: settings)
    try files.createDirectory(at: workspace.stateFolder, withIntermediateDirectories: true, attributes: isPrivate)
    try files.createDirectory(at: workspace.outbox, withIntermediateDirectories: true, attributes: isPrivate)
    try PrivateFile.write(EnvExample.text, to: folder.appending(path: ".env.example").path)
    try PrivateFile.write(Operators.initialText(owner: owner.name), to: workspace.operatorsPath)
    try TokenKey.create(at: workspace.keyPath)
    // The mode of the database is also that of the journal files beside it.
    if !files.fileExists(atPath: workspace.storePath) { try PrivateFile.write("", to: workspace.storePath) }
    let store = try Store(path: workspace.storePath, create: true)
    try store.write { transaction in
      let permit = SendPermit(
        state: .open, generation: 1, changedAt: now, changedBy: owner.name, reason: "new workspace")
      _ = try transaction.permit.replace(permit, expectedGeneration: 0)
      _ = try transaction.audit.append(
        at: now, actor: owner, operation: "workspace.init", subject: "workspace", reason: "", detailsJSON: "{}")
    }
    try store.close()
    return [".env", ".env.example", "operators", "token.key", "postroom.sqlite", "outbox/"]
  }

  /// The example with `settings` filled in.
  private static func environment(_ settings: [String: String]) -> String {
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
