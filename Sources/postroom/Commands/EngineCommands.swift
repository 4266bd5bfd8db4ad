import ArgumentParser
import Engine
import Foundation
import MailFormats
import MailModel
import Storage

struct EngineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "engine", abstract: "Deliver and scan, without a screen.",
    discussion: """
      Runs until SIGTERM or SIGINT, which end it in order: messages before their final dot go back to the queue, those
      past it get 30 seconds for their reply. SIGUSR1 is the emergency stop. Several engines may share a workspace.
      """)

  @OptionGroup var global: GlobalOptions
  @Flag(help: "End when nothing is left to do: 0 done, 75 when messages are due that cannot go out now.")
  var untilIdle = false

  func run() throws {
    let open = try global.open()
    defer { open.close() }
    guard open.actor.role >= .operator else {
      throw OperationRefusal.role(needed: .operator, actual: open.actor.role, operation: "engine")
    }
    let signals = Signals(open)
    let engine = try RunningEngine(
      open, deliverer: SMTPDeliverer(open.workspace.configuration, clock: open.clock),
      mailbox: IMAPReportMailbox(open.workspace.configuration),
      webHook: CurlWebHook(caFile: open.workspace.configuration.caFile))
    engine.start()
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
    case .stopped(let due): Output.error("\(due) messages are due and sending is stopped; 'postroom status' says why")
    case .relayUnavailable(let due, let reason): Output.error("\(due) messages are due: \(reason)")
    case .storeUnavailable(let reason): Output.error(reason)
    }
    throw ExitStatus.tryAgain.code
  }
}

struct BouncesScanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bounces-scan", abstract: "Read the report mailbox once: bounces, complaints, replies.")

  @OptionGroup var global: GlobalOptions
  @Flag(help: "Leave what was read unread on the server.") var keepUnseen = false
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
    var unmatched: [String]
  }

  func run() throws {
    try global.with { open in
      guard open.actor.role >= .operator else {
        throw OperationRefusal.role(needed: .operator, actual: open.actor.role, operation: "bounces-scan")
      }
      let mailbox = IMAPReportMailbox(open.workspace.configuration)
      guard let scan = try open.scan(mailbox, keepsUnseen: keepUnseen) else {
        throw ConfigurationError(
          place: .init(file: open.workspace.folder.appending(path: ".env").path), problem: "no report mailbox",
          expected: "IMAP_HOST and what belongs to it")
      }
      let progress = ScanProgress(isShown: !json && isatty(STDERR_FILENO) == 1)
      let summary = try scan.run { fetched, uid, last in progress.show(fetched: fetched, uid: uid, last: last) }
      progress.end()
      try show(summary)
    }
  }

  private func show(_ summary: MailboxScan.Summary) throws {
    let intake = summary.intake
    if json {
      return try Output.json(
        Record(
          fetched: summary.fetched, bounces: intake.bounces, delays: intake.delays, complaints: intake.complaints,
          autoReplies: intake.autoReplies, replies: intake.replies, others: intake.others,
          suppressed: intake.suppressed, flagged: intake.flagged, restricted: intake.restricted,
          unmatched: intake.unmatched))
    }
    Output.line(
      "\(summary.fetched) fetched: \(intake.bounces) bounces, \(intake.delays) delays, \(intake.complaints) complaints, "
        + "\(intake.autoReplies) auto-replies, \(intake.replies) replies, \(intake.others) others")
    Output.line("\(intake.suppressed) suppressed, \(intake.flagged) accounts flagged, \(intake.restricted) restricted")
    for recipient in intake.unmatched { Output.line("unmatched: \(recipient)") }
  }
}

/// A progress line with rate and time to go, on standard error.
final class ScanProgress {
  private let isShown: Bool
  private let start = Date()
  private var first: UInt32?

  init(isShown: Bool) { self.isShown = isShown }

  func show(fetched: Int, uid: UInt32, last: UInt32) {
    guard isShown else { return }
    let begin = first ?? uid
    first = begin
    let seconds = max(Date().timeIntervalSince(start), 0.001)
    let done = Double(uid - begin) + Double(max(fetched, 1))
    let toGo = Double(last - uid) * seconds / max(done, 1)
    let line = "\r\(fetched) fetched, \(Int(Double(fetched) / seconds))/s, \(Int(toGo)) s to go   "
    Output.progress(line)
  }

  func end() { if isShown, first != nil { Output.progress("\n") } }
}
