import ArgumentParser
import Engine
import Foundation
import MailModel

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Make a new workspace.",
    discussion: "Writes .env (mode 600), .env.example, operators (you become lead), token.key and the store.")

  @Argument(help: "The folder to make it in.")
  var folder: String

  @Option(name: .customLong("set"), help: "KEY=VALUE for .env; not for passwords, which belong into the file only.")
  var settings: [String] = []

  func run() throws {
    var values = ["EMAIL_SMTP_HOST": "127.0.0.1"]
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw ValidationError("--set needs KEY=VALUE, not '\(setting)'") }
      guard let key = ConfigurationKey.all.first(where: { $0.name == parts[0] || $0.aliases.contains(parts[0]) }) else {
        throw ValidationError("\(parts[0]) is not a key; 'postroom docs env' lists them")
      }
      guard key.form != .secret else {
        throw ValidationError("\(parts[0]) is a secret: everybody can see a command line; write it into \(folder)/.env")
      }
      values[key.name] = parts[1]
    }
    let actor = Actor(
      name: Operators.systemUser(), role: .lead,
      origin: "\(ProcessInfo.processInfo.hostName):\(ProcessInfo.processInfo.processIdentifier)")
    let made = try WorkspaceCreation.create(
      at: URL(filePath: folder, directoryHint: .isDirectory), settings: values, owner: actor, now: SystemClock().now(),
      environment: ProcessInfo.processInfo.environment)
    Output.line("made \(folder): \(made.joined(separator: ", "))")
    Output.line("next: edit \(folder)/.env, then run: postroom --workspace \(folder) check")
  }
}
