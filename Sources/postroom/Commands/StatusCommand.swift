import ArgumentParser
import Engine
import Foundation
import MailModel
import MailPolicy
import Storage

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "What is queued, what is stopped, what needs attention.")

  @OptionGroup var global: GlobalOptions
  @Flag(help: "One JSON object.") var json = false

  func run() throws {
    try global.with { open in
      let overview = try open.overview()
      if json { return try Output.json(StatusRecord(overview, open)) }
      line("workspace", "\(open.workspace.folder.path) (\(open.actor.name), \(open.actor.role.name))")
      showSending(overview)
      showQueue(overview)
      showServers(overview)
      if let waiting = overview.counters["approval.pending"], waiting > 0 {
        line("approvals", "\(waiting) for a second person to decide; 'postroom approvals' lists what is asked")
      }
      for standing in overview.standingAlerts(StatusWords.contacts(open)) {
        let alert = standing.alert
        Output.line("\(alert.severity.rawValue.uppercased()): \(alert.title). \(alert.explanation)")
        Output.line("  \(standing.words(now: overview.takenAt))")
      }
    }
  }

  /// One fact, all of them below one another.
  private func line(_ name: String, _ words: String) {
    Output.line(name.padding(toLength: 16, withPad: " ", startingAt: 0) + words)
  }

  private func showSending(_ overview: Overview) {
    line("sending", "\(overview.stopState): \(overview.stop.reason)")
    for line in StatusWords.proof(overview) { Output.line("  \(line)") }
    line("engine", "\(overview.isEngineRunning ? "running" : "not running")")
    if let standing = overview.ladder {
      let awaited = LadderWords.awaited(overview)
      line("ladder", "\(LadderWords.line(standing))\(awaited.map { "; \($0)" } ?? "")")
      for gate in LadderWords.gates(standing, waiting: overview.queue[.queued] ?? 0, now: overview.takenAt) {
        Output.line("  \(gate.name): \(gate.value); \(gate.rule)")
      }
    }
    for run in overview.runs { line("run", "\(run.owner): \(RunWords.line(run))") }
  }

  private func showQueue(_ overview: Overview) {
    let states = MessageState.allCases.filter { overview.queue[$0, default: 0] > 0 }
      .map { "\($0.rawValue) \(overview.queue[$0] ?? 0)" }
    line("queue", "\(states.isEmpty ? "empty" : states.joined(separator: ", "))")
    for provenance in Provenance.all(overview) where provenance.number.hasSuffix("rate") {
      line(provenance.number, "\(provenance.value)  (\(provenance.source))")
    }
  }

  private func showServers(_ overview: Overview) {
    let hasTrouble = overview.relays.contains { $0.condition != .ready }
    for relay in (hasTrouble ? overview.relays : []) + overview.inboxRelays {
      line("relay", "\(relay.relay) \(relay.words(now: overview.takenAt))")
    }
    for mailbox in overview.mailboxes {
      line("mailbox", "\(mailbox.name) \(mailbox.words(now: overview.takenAt))")
    }
  }
}

enum StatusWords {
  /// The escalation path; a mistake in the file must not keep anybody from seeing the state.
  static func contacts(_ open: OpenWorkspace) -> Contacts { (try? open.contacts()) ?? .none }

  /// While mail does not simply go out: since when, by whom, and the proof that nothing leaves, as the banner says it.
  static func proof(_ overview: Overview) -> [String] {
    guard overview.isLatched || overview.permit?.state != .open else { return [] }
    let last = overview.permit?.lastAcceptedAt.map { "last acceptance \(Clockface.text($0))" }
    return ["\(overview.stop.facts); \(last ?? "nothing accepted yet")"]
  }
}
