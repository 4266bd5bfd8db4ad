import ArgumentParser
import Engine
import Foundation
import Transport

/// The program: every subcommand is a thin face of the engine.
@main
struct Postroom: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "postroom",
    abstract: "The console from which a small team runs everything that sends e-mail for it.",
    discussion: """
      A workspace is a folder with .env and the store: name it with --workspace, POSTROOM_WORKSPACE, or stand in it.

      First steps: postroom init DIR, edit DIR/.env, postroom --workspace DIR check
      Every day:   postroom console, postroom engine, postroom status
      At 2 am:     postroom stop, or touch DIR/STOP (where STATE_DIR is set, there); both while the database is locked

      Exit status: 0 done · 64 wrong usage · 65 some input refused · 69 relay or mailbox unreachable · 70 store failed \
      · 74 file trouble · 75 not now (stopped, relay unusable, store busy) · 77 your role may not · 78 configuration.
      """,
    version: "0.1.0",
    subcommands: [
      InitCommand.self, CheckCommand.self, EnqueueCommand.self, SendmailCommand.self, SendDailyCommand.self,
      EngineCommand.self, BouncesScanCommand.self, ClassifyCommand.self, StatusCommand.self, ChecklistCommand.self,
      StopCommand.self,
      ResetCommand.self, ResumeCommand.self, DoCommand.self, OperationsCommand.self, QueueCommand.self,
      BouncesCommand.self, ComplaintsCommand.self, AccountsCommand.self, CaseCommand.self, ReportsCommand.self,
      SuppressionsCommand.self, UnmatchedCommand.self, EventsCommand.self, RelayLogCommand.self, UncertainCommand.self,
      InboxCommand.self, ApprovalsCommand.self,
      NoticesCommand.self, LimitsCommand.self, ContactsCommand.self, AuditCommand.self, KeysCommand.self,
      DocsCommand.self,
      ConsoleCommand.self,
      RehearseCommand.self,
    ])

  /// `--workspace DIR` and `--read-only` may stand before the subcommand, and the program may be called by the name
  /// `sendmail`.
  static func main() {
    signal(SIGPIPE, SIG_IGN)
    CoreDump.forbid()
    FreedMemory.keep()
    var arguments = Array(CommandLine.arguments.dropFirst())
    let name = (CommandLine.arguments.first ?? "").split(separator: "/").last ?? ""
    if name == "sendmail" { arguments.insert("sendmail", at: 0) }
    GlobalOptions.take(from: &arguments)
    if let problem = CommandNames.problem(arguments) { finish(ValidationError(problem)) }
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
      if let code = Output.failure { throw FileProblem(path: "standard output", code: code) }
    } catch {
      finish(error)
    }
  }

  private static func finish(_ error: any Error) -> Never {
    // Found while running: the usage of the program as a whole would say nothing about it.
    if let wrong = error as? ValidationError {
      Output.error(wrong.message)
      Foundation.exit(ExitStatus.usage.rawValue)
    }
    let isParsers = error is ExitCode || (ExitStatus(error) == nil && exitCode(for: error) != .failure)
    if isParsers, error is ExitCode || exitCode(for: error).isSuccess { exit(withError: error) }
    if isParsers {
      // The parser quotes arguments, and scripts take those from anywhere (fault 31).
      Output.note(fullMessage(for: error))
      Foundation.exit(exitCode(for: error).rawValue)
    }
    Output.error("\(error)")
    Foundation.exit((ExitStatus(error) ?? .software).rawValue)
  }
}
