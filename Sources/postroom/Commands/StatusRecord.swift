import Engine
import Foundation
import MailModel
import MailPolicy
import Storage

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
    /// While it rests after a failure.
    var pausedUntil: String?
    var reason: String?

    init(name: String, _ standing: RelayStanding?) {
      self.name = name
      guard case .rests(let until, let reason, _) = standing?.condition else { return }
      (pausedUntil, self.reason) = (Clockface.utc(until), reason)
    }
  }

  struct MailboxState: Encodable {
    var name: String
    /// Absent as long as it was never scanned.
    var scannedAt: String?
    var fetched: Int?
    /// Absent when the last scan went well.
    var error: String?
    /// Mails that the server lists and does not hand out.
    var unreadable: Int
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
  /// All of the configuration, in the order in which they are tried; then inboxes' own that fail.
  var relays: [RelayState]
  /// Report mailboxes of the configuration.
  var mailboxes: [MailboxState]
  /// Runs that may send only so many messages.
  var runs: [Run]

  init(_ overview: Overview, _ open: OpenWorkspace) {
    let now = overview.takenAt
    workspace = open.workspace.folder.path
    role = open.actor.role.name
    stop = Stop(overview, open)
    relays = (overview.relays + overview.inboxRelays).map {
      RelayState(name: $0.relay, takesMail: $0.condition == .ready, words: $0.words(now: now))
    }
    mailboxes = overview.mailboxes.map(MailboxState.init)
    runs = overview.runs.map {
      Run(owner: $0.owner, startedAt: Clockface.utc($0.startedAt), sent: $0.sent, most: $0.most)
    }
    queue = Dictionary(uniqueKeysWithValues: overview.queue.map { ($0.key.rawValue, $0.value) })
    rates = [
      "bounce": Rate("bounce rate", overview.vitals.bounceRate, overview.thresholds.bounceRate, overview),
      "complaint": Rate("complaint rate", overview.vitals.complaintRate, overview.thresholds.complaintRate, overview),
    ]
    alerts = overview.standingAlerts(StatusWords.contacts(open)).map(AlertRecord.init)
    counters = overview.counters
    engineRunning = overview.isEngineRunning
    relay = Relay(name: open.relayName, overview.relays.first)
  }
}

extension StatusRecord.Stop {
  init(_ overview: Overview, _ open: OpenWorkspace) {
    let permit = overview.permit
    let words = overview.stop
    self.init(
      state: overview.stopState, latched: overview.isLatched, latchFile: open.workspace.latchPath, by: words.by,
      reason: words.reason, since: words.since.map(Clockface.utc), armedAtStop: permit?.armedAtStop,
      rung: permit?.state == .ramping ? permit.map { $0.rung + 1 } : nil,
      ladder: overview.ladder.map(StatusRecord.Ladder.init),
      lastAcceptedAt: permit?.lastAcceptedAt.map(Clockface.utc))
  }
}

extension StatusRecord.Rate {
  /// - Parameter number: as ``Provenance`` calls it.
  init(_ number: String, _ value: Double?, _ threshold: Threshold, _ overview: Overview) {
    self.init(
      value: value, warning: threshold.warning, critical: threshold.critical,
      source: Provenance.all(overview).first { $0.number == number }?.source ?? "")
  }
}

extension StatusRecord.AlertRecord {
  init(_ standing: AlertStanding) {
    let alert = standing.alert
    self.init(
      id: alert.id, severity: alert.severity.rawValue, title: alert.title, explanation: alert.explanation,
      respondWithinSeconds: alert.respondWithin.microseconds / 1_000_000, since: standing.since.map(Clockface.utc),
      level: standing.escalation.level, contact: standing.escalation.words)
  }
}

extension StatusRecord.MailboxState {
  init(_ standing: MailboxStanding) {
    self.init(
      name: standing.name, scannedAt: standing.last.map { Clockface.utc($0.at) }, fetched: standing.last?.fetched,
      error: standing.last?.error, unreadable: standing.unreadable.count)
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
