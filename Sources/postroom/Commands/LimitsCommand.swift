import ArgumentParser
import Engine
import Foundation
import MailModel

struct LimitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "limits", abstract: "List what holds mail back: limits, pauses and slow-downs, and how much waits.",
    discussion: "Change them with 'postroom do limit.set', 'limit.clear', 'pause.add' and 'pause.lift'.")

  @OptionGroup var global: GlobalOptions
  @Option(help: "Say which provider this domain belongs to, and how that is known. May be given several times.")
  var domain: [String] = []
  @Flag(help: "Also limits that nothing waits for.") var all = false
  @Flag(help: "One JSON object a row.") var json = false

  struct Record: Encodable {
    var scope: String
    var limit: String
    var source: String
    var pausedBy: String?
    var pauseReason: String?
    var pausedUntil: String?
    var slowedUntil: String?
    var slowedReason: String?
    var waiting: Int
    var firstDue: String?
    var lastDue: String?
  }

  struct DomainRecord: Encodable {
    var domain: String
    var provider: String?
    var why: String
  }

  func run() throws {
    try global.with { open in
      if !domain.isEmpty { return try showDomains(open) }
      let now = open.clock.now()
      let scopes = try open.shapedScopes().filter { all || $0.isOfInterest }
      let runs = try open.runScopes()
      if json { return try Output.json(each: runs.map(Record.init) + scopes.map(Record.init)) }
      Output.table(
        ["scope", "limit", "waiting", "next", "last", "why"],
        runs.map { ["run:\($0.run.owner)", "\($0.run.most) a run", "\($0.waiting)", "", "", RunWords.line($0.run)] }
          + scopes.map { scope in
            [
              scope.scope.description, scope.limit, "\(scope.waiting)",
              scope.due(scope.firstDue, now: now), scope.due(scope.lastDue, now: now), scope.why,
            ]
          })
      if runs.isEmpty, scopes.isEmpty { Output.note("no limit or pause holds mail back") }
      for relay in try open.overview().relays.filter(\.isInTrouble) {
        Output.note("relay \(relay.relay) \(relay.words(now: now))")
      }
    }
  }

  private func showDomains(_ open: OpenWorkspace) throws {
    let standings = try domain.map { try open.providerStanding(of: $0) }
    if json {
      return try Output.json(
        each: standings.map { DomainRecord(domain: $0.domain, provider: $0.provider, why: $0.why) })
    }
    Output.table(["domain", "provider", "why"], standings.map { [$0.domain, $0.provider ?? "none", $0.why] })
  }
}

extension LimitsCommand.Record {
  init(_ scope: RunScope) {
    self.init(
      scope: "run:\(scope.run.owner)", limit: "\(scope.run.most) a run", source: RunWords.line(scope.run),
      waiting: scope.waiting)
  }

  init(_ scope: ShapedScope) {
    self.init(
      scope: scope.scope.description, limit: scope.limit, source: scope.source, pausedBy: scope.pause?.by,
      pauseReason: scope.pause?.reason, pausedUntil: scope.pause?.until.map(Clockface.utc),
      slowedUntil: scope.slowedUntil.map(Clockface.utc),
      slowedReason: scope.slowedUntil.map { _ in scope.slowedReason },
      waiting: scope.waiting, firstDue: scope.firstDue.map(Clockface.utc), lastDue: scope.lastDue.map(Clockface.utc))
  }
}
