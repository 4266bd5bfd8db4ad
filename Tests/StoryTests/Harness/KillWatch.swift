import Foundation
import MailModel
import Sandbox
import TestSupport
import Testing

/// A workspace whose engines are killed again and again, with its books: what was acknowledged, what each dead engine had
/// armed.
final class KillWatch {
  /// `POSTROOM_KILLS` for longer runs: so many of each kind, a hundred to a workspace.
  static let kills = Int(ProcessInfo.processInfo.environment["POSTROOM_KILLS"] ?? "") ?? 100
  static let batches = 0..<max(1, kills / 100)
  static let connections = 4

  let sandbox = Sandbox()
  let workspace: StoryWorkspace
  private var acknowledged: Set<String> = []
  private var deaths: [String: DeliveryTrace.Death] = [:]

  init() throws {
    sandbox.configure {
      $0.dotDelay = .milliseconds(3)
      $0.keptBodyBytes = 0
    }
    workspace = try StoryWorkspace(
      over: sandbox, ["LEASE_SECONDS": "1", "IMAP_HOST": "", "WORKERS": "\(Self.connections)"])
  }

  deinit { sandbox.stop() }

  /// Enough mail that an engine meets its end before it has nothing to do.
  func refill(_ name: String) throws {
    guard try workspace.count("message WHERE state = 'queued'") < 250 else { return }
    let mails = Mail.many(400, named: "ok-\(name)") + Mail.many(10, "reject-5.1.1", named: "no-\(name)")
    try workspace.enqueue(mails)
    acknowledged.formUnion(mails.map(\.messageID))
  }

  /// Right after a death: what is armed in a name that was not seen before was the dead engine's.
  func noteDeath() throws {
    for (owner, armed) in try workspace.armedByOwner() where deaths[owner] == nil {
      deaths[owner] = .init(armed: armed, connections: Self.connections)
    }
  }

  /// Sends the rest and holds the books against the store and the relay.
  func expectNothingBroken(sourceLocation: SourceLocation = #_sourceLocation) throws {
    try workspace.run("engine", "--until-idle")
    let trace = try workspace.trace(sandbox, acknowledged: acknowledged, deaths: Array(deaths.values))
    #expect(trace.violations.isEmpty, "\(trace.violations.prefix(5))", sourceLocation: sourceLocation)
    let ended = try workspace.messageIDs(in: "sent", "uncertain", "failed")
    #expect(ended == acknowledged, sourceLocation: sourceLocation)
    // What the relay took is sent or in doubt, and nothing else.
    let unsent = Set(sandbox.record.countsByMessageID.keys).subtracting(
      try workspace.messageIDs(in: "sent", "uncertain"))
    #expect(unsent.isEmpty, "\(unsent.prefix(5))", sourceLocation: sourceLocation)
    // The kills must have met the window between arm and reply, or this shows nothing.
    #expect(try !workspace.messageIDs(in: "uncertain").isEmpty, sourceLocation: sourceLocation)
    #expect(!deaths.isEmpty, sourceLocation: sourceLocation)
    try workspace.expectSound(sourceLocation: sourceLocation)
  }
}
