import ArgumentParser
import Engine
import Foundation
import MailModel
import MailPolicy
import Storage

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

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "What is queued, what is stopped, what needs attention.")

  @OptionGroup var global: GlobalOptions
  @Flag(help: "One JSON object.") var json = false

  func run() throws {
    try global.with { open in
      let overview = try open.overview()
      if json { return try Output.json(StatusRecord(overview, open)) }
      Output.line("workspace   \(open.workspace.folder.path) (\(open.actor.name), \(open.actor.role.name))")
      let stop = StopWords(overview, latch: open.stop.latch)
      Output.line("sending     \(overview.stopState): \(stop.reason)")
      for line in StatusWords.proof(overview, stop) { Output.line("  \(line)") }
      Output.line("engine      \(overview.isEngineRunning ? "running" : "not running")")
      if let standing = overview.ladder {
        let awaited = LadderWords.awaited(overview)
        Output.line("ladder      \(LadderWords.line(standing))\(awaited.map { "; \($0)" } ?? "")")
        for gate in LadderWords.gates(standing, waiting: overview.queue[.queued] ?? 0, now: overview.takenAt) {
          Output.line("  \(gate.name): \(gate.value); \(gate.rule)")
        }
      }
      for run in overview.runs { Output.line("run         \(run.owner): \(RunWords.line(run))") }
      let states = MessageState.allCases.filter { overview.queue[$0, default: 0] > 0 }
      Output.line(
        "queue       "
          + (states.isEmpty
            ? "empty" : states.map { "\($0.rawValue) \(overview.queue[$0] ?? 0)" }.joined(separator: ", ")))
      for provenance in Provenance.all(overview) where provenance.number.hasSuffix("rate") {
        Output.line(
          "\(provenance.number.padding(toLength: 16, withPad: " ", startingAt: 0))\(provenance.value)  (\(provenance.source))"
        )
      }
      if overview.relays.contains(where: { $0.condition != .ready }) {
        for relay in overview.relays {
          Output.line("relay       \(relay.relay) \(relay.words(now: overview.takenAt))")
        }
      }
      for mailbox in overview.mailboxes {
        Output.line("mailbox     \(mailbox.name) \(mailbox.words(now: overview.takenAt))")
      }
      if let waiting = overview.counters["approval.pending"], waiting > 0 {
        Output.line("approvals   \(waiting) for a second person to decide; 'postroom approvals' lists what is asked")
      }
      for standing in overview.standingAlerts(StatusWords.contacts(open)) {
        let alert = standing.alert
        Output.line("\(alert.severity.rawValue.uppercased()): \(alert.title). \(alert.explanation)")
        Output.line("  \(standing.words(now: overview.takenAt))")
      }
    }
  }
}

/// `status --json`. Keys are a contract: they are added to, never changed.
struct StatusRecord: Encodable {
  struct Stop: Encodable {
    var state: String
    var latched: Bool
    var latchFile: String
    var by: String?
    var reason: String?
    var since: String?
    var armedAtStop: Int?
    var rung: Int?
    /// Absent unless sending is ramping.
    var ladder: Ladder?
    var lastAcceptedAt: String?
  }

  struct Ladder: Encodable {
    var rung: Int
    var rungs: [Int]
    var since: String
    var accepted: Int
    var missing: Int
    var refused: Int
    var bounced: Int
    var complaints: Int
    var definite: Int
    var badShare: Double?
    var highestBadShare: Double
    var smallestSample: Int
    var mostComplaints: Int
    var notBefore: String
  }

  struct Run: Encodable {
    var owner: String
    var startedAt: String
    var sent: Int
    var most: Int
  }

  struct Rate: Encodable {
    var value: Double?
    var warning: Double
    var critical: Double
    var source: String
  }

  struct AlertRecord: Encodable {
    var id: String
    var severity: String
    var title: String
    var explanation: String
    var respondWithinSeconds: Int64
    /// Absent while no engine has seen it.
    var since: String?
    /// 1 to 4, with who has it and how to reach them.
    var level: Int
    var contact: String
  }

  struct Relay: Encodable {
    var name: String
    var pausedUntil: String?
    var reason: String?
  }

  struct MailboxState: Encodable {
    var name: String
    /// Absent as long as it was never scanned.
    var scannedAt: String?
    var fetched: Int?
    /// Absent when the last scan went well.
    var error: String?
  }

  struct RelayState: Encodable {
    var name: String
    var takesMail: Bool
    var words: String
  }

  var workspace: String
  var role: String
  var stop: Stop
  var queue: [String: Int]
  var rates: [String: Rate]
  var alerts: [AlertRecord]
  var counters: [String: Int]
  var engineRunning: Bool
  var relay: Relay
  /// All of the configuration, in the order in which they are tried.
  var relays: [RelayState]
  /// Report mailboxes of the configuration.
  var mailboxes: [MailboxState]
  /// Runs that may send only so many messages.
  var runs: [Run]

  init(_ overview: Overview, _ open: OpenWorkspace) {
    workspace = open.workspace.folder.path
    role = open.actor.role.name
    let permit = overview.permit
    let words = StopWords(overview, latch: open.stop.latch)
    stop = Stop(
      state: overview.stopState, latched: overview.isLatched, latchFile: open.workspace.latchPath, by: words.by,
      reason: words.reason, since: words.since.map(Clockface.utc), armedAtStop: permit?.armedAtStop,
      rung: permit?.state == .ramping ? permit.map { $0.rung + 1 } : nil,
      lastAcceptedAt: permit?.lastAcceptedAt.map(Clockface.utc))
    stop.ladder = overview.ladder.map(Ladder.init)
    relays = overview.relays.map {
      RelayState(name: $0.relay, takesMail: $0.condition == .ready, words: $0.words(now: overview.takenAt))
    }
    mailboxes = overview.mailboxes.map {
      MailboxState(
        name: $0.name, scannedAt: $0.last.map { Clockface.utc($0.at) }, fetched: $0.last?.fetched,
        error: $0.last?.error)
    }
    runs = overview.runs.map {
      Run(owner: $0.owner, startedAt: Clockface.utc($0.startedAt), sent: $0.sent, most: $0.most)
    }
    queue = Dictionary(uniqueKeysWithValues: overview.queue.map { ($0.key.rawValue, $0.value) })
    let sources = Dictionary(
      Provenance.all(overview).map { ($0.number, $0.source) }, uniquingKeysWith: { first, _ in first })
    let limits = overview.thresholds
    rates = [
      "bounce": Rate(
        value: overview.vitals.bounceRate, warning: limits.bounceRate.warning, critical: limits.bounceRate.critical,
        source: sources["bounce rate"] ?? ""),
      "complaint": Rate(
        value: overview.vitals.complaintRate, warning: limits.complaintRate.warning,
        critical: limits.complaintRate.critical, source: sources["complaint rate"] ?? ""),
    ]
    alerts = overview.standingAlerts(StatusWords.contacts(open)).map {
      AlertRecord(
        id: $0.alert.id, severity: $0.alert.severity.rawValue, title: $0.alert.title, explanation: $0.alert.explanation,
        respondWithinSeconds: $0.alert.respondWithin.microseconds / 1_000_000, since: $0.since.map(Clockface.utc),
        level: $0.escalation.level, contact: $0.escalation.words)
    }
    counters = overview.counters
    engineRunning = overview.isEngineRunning
    relay = Relay(
      name: open.relayName, pausedUntil: overview.relayPause.map { Clockface.utc($0.until) },
      reason: overview.relayPause?.reason)
  }
}

extension StatusRecord.Ladder {
  init(_ standing: ResumeLadder.Standing) {
    self.init(
      rung: standing.rung, rungs: standing.ladder.rungs, since: Clockface.utc(standing.since),
      accepted: standing.accepted, missing: standing.missing, refused: standing.refused,
      bounced: standing.reports.bounces, complaints: standing.reports.complaints, definite: standing.definite,
      badShare: standing.badShare, highestBadShare: standing.ladder.highestRefusedShare,
      smallestSample: standing.ladder.smallestSample, mostComplaints: standing.ladder.mostComplaints,
      notBefore: Clockface.utc(standing.notBefore))
  }
}

private enum StatusWords {
  /// The escalation path; a mistake in the file must not keep anybody from seeing the state.
  static func contacts(_ open: OpenWorkspace) -> Contacts { (try? open.contacts()) ?? .none }

  /// While mail does not simply go out: since when, by whom, and the proof that nothing leaves, as the banner says it.
  static func proof(_ overview: Overview, _ stop: StopWords) -> [String] {
    guard overview.isLatched || overview.permit?.state != .open else { return [] }
    let last = overview.permit?.lastAcceptedAt.map { "last acceptance \(Clockface.text($0))" }
    return ["\(stop.facts); \(last ?? "nothing accepted yet")"]
  }
}
