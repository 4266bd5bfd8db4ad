import ArgumentParser
import Engine
import Foundation
import MailFormats
import MailModel
import Storage
import TerminalUI

struct EngineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "engine", abstract: "Deliver and scan, without a screen.",
    discussion: """
      Runs until SIGTERM or SIGINT, which end it in order: messages before their final dot go back to the queue, those \
      past it get 30 seconds for their reply. SIGUSR1 is the emergency stop. Several engines may share a workspace.
      """)

  @OptionGroup var global: GlobalOptions
  @Flag(help: "End when nothing is left to do: 0 done, 75 when messages are due that cannot go out now.")
  var untilIdle = false

  func run() throws {
    let open = try global.open()
    defer { open.close() }
    let signals = Signals(open)
    let engine = try RunningEngine.connected(open, for: "engine")
    try engine.start()
    let verdict = untilIdle ? engine.waitUntilIdle { signals.isEnding } : wait(signals)
    engine.shutDown()
    try report(verdict)
  }

  private func wait(_ signals: Signals) -> RunningEngine.Idle {
    signals.waitForEnd()
    return .cancelled
  }

  private func report(_ verdict: RunningEngine.Idle) throws {
    switch verdict {
    case .done: return
    case .cancelled:
      guard untilIdle else { return }
      Output.error("ended by a signal before everything was done")
    case .stopped(let due):
      Output.error("sending is stopped with \(Amount.words(due, "message")) due; 'postroom status' says why")
    case .runUsedUp(let due, let most):
      Output.error(
        "\(Amount.words(due, "message")) left waiting: this run has sent the \(most) that it may "
          + "(MAX_EMAILS_PER_RUN, run.limit)")
    case .relayUnavailable(let due, let reason): Output.error("\(Amount.words(due, "message")) due: \(reason)")
    case .storeUnavailable(let reason): Output.error(reason)
    }
    throw ExitStatus.tryAgain.code
  }
}

struct BouncesScanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bounces-scan", abstract: "Read the report mailboxes once: bounces, complaints, replies.")

  @OptionGroup var global: GlobalOptions
  @Flag(help: "Leave what was read unread on the server.") var keepUnseen = false
  @Flag(help: "Fetch everything and do nothing with it: how fast the mailbox gives it.") var fetchOnly = false
  @Flag(help: "One JSON object.") var json = false

  struct Record: Encodable {
    var fetched: Int
    var bounces: Int
    var delays: Int
    var complaints: Int
    var autoReplies: Int
    var replies: Int
    var others: Int
    var suppressed: Int
    var flagged: Int
    var restricted: Int
    var withheld: Int
    var unmatched: [String]
    /// Mails that their servers list and do not hand out, passed over by this scan.
    var unreadable: Int
    /// Mailboxes that could not be read to their end; why is on standard error.
    var failed: [String]
    /// How many of the fetched mails came from these.
    var takenOfFailed: Int
  }

  func run() throws {
    try global.with { open in
      if let refusal = open.scanRefusal { throw refusal }
      let mailboxes = try IMAPReportMailbox.all(open)
      guard !mailboxes.isEmpty else {
        throw ConfigurationError(
          place: .init(file: open.workspace.folder.appending(path: ".env").path), problem: "no report mailbox",
          expected: "IMAP_HOST and what belongs to it, or an inbox with an IMAP server")
      }
      if fetchOnly {
        return try fetchAll(mailboxes)
      }
      let progress = ProgressLine(isShown: !json && isatty(STDERR_FILENO) == 1)
      let round = open.scanAll(mailboxes, keepsUnseen: keepUnseen) { progress.show($0) }
      progress.end()
      if json || mailboxes.count > 1 || round.failures.isEmpty || round.summary.fetched > 0 { try show(round) }
      for failure in round.failures { Output.error("\(failure)") }
      if let first = round.failures.first?.error { throw ExitStatus(first)?.code ?? first }
    }
  }

  /// Where one cannot be read the others are, as in a scan.
  private func fetchAll(_ mailboxes: [any ReportMailbox]) throws {
    var first: (any Error)?
    for mailbox in mailboxes {
      do { try MailboxTrial(mailbox).run(json: json) } catch {
        Output.error(mailboxes.count > 1 ? "\(mailbox.name): \(error)" : "\(error)")
        first = first ?? error
      }
    }
    if let first { throw ExitStatus(first)?.code ?? first }
  }

  private func show(_ round: ScanRound) throws {
    let intake = round.summary.intake
    if json {
      return try Output.json(
        Record(
          fetched: round.summary.fetched, bounces: intake.bounces, delays: intake.delays,
          complaints: intake.complaints,
          autoReplies: intake.autoReplies, replies: intake.replies, others: intake.others,
          suppressed: intake.suppressed, flagged: intake.flagged, restricted: intake.restricted,
          withheld: intake.withheld, unmatched: intake.unmatched,
          unreadable: round.summary.unreadable, failed: round.failures.map(\.mailbox),
          takenOfFailed: round.failures.reduce(0) { $0 + $1.taken }))
    }
    Output.line(
      "\(round.summary.fetched) fetched: "
        + [
          Amount.words(intake.bounces, "bounce"), Amount.words(intake.delays, "delay"),
          Amount.words(intake.complaints, "complaint"),
          Amount.words(intake.autoReplies, "auto-reply", many: "auto-replies"),
          Amount.words(intake.replies, "reply", many: "replies"), Amount.words(intake.others, "other"),
        ].joined(separator: ", "))
    Output.line(
      "\(intake.suppressed) suppressed, \(Amount.words(intake.flagged, "account")) flagged, \(intake.restricted) restricted"
    )
    if intake.withheld > 0 {
      Output.line(
        "\(Amount.words(intake.withheld, "complaint")) beyond the restrictions of one hour: their accounts wait for a person"
      )
    }
    if round.summary.unreadable > 0 {
      Output.line(
        "\(Amount.words(round.summary.unreadable, "mail")) passed over that the server does not hand out: "
          + "'postroom status' says which and why")
    }
    for recipient in intake.unmatched.prefix(Self.named) { Output.line("unmatched: \(recipient)") }
    let more = intake.unmatched.count - Self.named
    if more > 0 { Output.line("and \(more) more unmatched: 'postroom unmatched list' shows them") }
  }

  /// Unmatched recipients that are named: of thousands nobody reads the summary above them.
  private static let named = 20
}

/// A progress bar with rate and time to go, on standard error, on one line whatever the terminal's width.
final class ProgressLine {
  private static let barWidth = 20
  private let isShown: Bool
  private let columns: Int
  private var width = 0

  init(isShown: Bool) {
    self.isShown = isShown
    var size = winsize()
    let isKnown = isShown && ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    columns = isKnown ? Int(size.ws_col) : 80
  }

  func show(_ progress: RoundProgress) {
    guard isShown else { return }
    let text = Self.line(progress, columns: columns)
    // Nothing of a longer line stays behind it.
    Output.progress("\r\(text.text)\(String(repeating: " ", count: max(0, width - text.width)))")
    width = text.width
  }

  /// The last column stays free: with a line that fills it, some terminals begin the next.
  static func line(_ progress: RoundProgress, columns: Int) -> VisibleText {
    let bar = ProgressBar.text(progress.share, width: barWidth, glyphs: .ascii).text
    let text = VisibleText("[\(bar)] \(progress.words)", glyphs: .ascii)
    return text.width < columns ? text : text.fitted(to: max(1, columns - 1))
  }

  func end() { if width > 0 { Output.progress("\n") } }
}
