import Foundation
import MailModel
import Storage
import Testing

@testable import Engine

/// Several people on one workspace.
extension TestWorkspace {
  /// - Parameter operators: the text of the `operators` file, when who has which role matters.
  func runner(_ name: String, _ role: Role, operators: String? = nil) throws -> OperationRunner {
    let configuration = open.workspace.configuration
    return OperationRunner(
      store: store,
      context: OperationContext(
        actor: Actor(name: name, role: role, origin: "desk-\(name):1"), clock: open.clock, stop: open.stop,
        restriction: configuration.restriction, checklist: { [open] in try open.checklist($0) },
        probes: ProbeSources(
          relay: open.relayName, mailboxes: [], scanInterval: .minutes(1), storeFolder: folder.path),
        approvals: configuration.approvals,
        operators: try operators.map { try Operators(parsing: $0, file: "operators") }))
  }

  /// Messages whose final reply never came.
  func doubt(_ recipients: [String]) throws -> [Message.ID] {
    let ids = try enqueue(recipients)
    let now = open.clock.now()
    try store.write { transaction in
      let claimed = try transaction.messages.claim(limit: 100, owner: "e", now: now, leaseUntil: now + .minutes(5))
      let leases = claimed.map { Lease(id: $0.id, epoch: $0.epoch) }
      _ = try transaction.messages.arm(leases, owner: "e", now: now, leaseUntil: now + .minutes(5))
      for lease in leases {
        _ = try transaction.messages.finish(
          lease, transition: .doubt, reason: "no reply", now: now, nextAttemptAt: nil, countsAttempt: true)
      }
    }
    return ids
  }

  func counter(_ name: String) throws -> Int { try store.read { try $0.counters.all()[name] ?? -1 } }

  func expireApprovals() throws -> Int {
    try ApprovalExpiry.run(store, origin: "desk:1", now: open.clock.now())
  }
}
