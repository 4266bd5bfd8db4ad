import Engine
import Foundation
import MailFormats
import MailModel
import Storage
import Testing

/// Ways to get messages into the states that a test begins with.
extension TestWorkspace {
  var submitter: Submitter {
    Submitter(store: store, clock: open.clock, actor: TestWorkspace.person(.operator), host: "test.invalid")
  }

  static func eml(
    to recipient: String, from sender: String = "news@sender.invalid", subject: String = "Hello",
    messageID: String? = nil
  ) -> [UInt8] {
    let identity = messageID.map { "Message-ID: \($0)\r\n" } ?? ""
    return Array(
      "From: <\(sender)>\r\nTo: <\(recipient)>\r\nSubject: \(subject)\r\n\(identity)\r\nText for \(recipient)\r\n".utf8)
  }

  @discardableResult
  func enqueue(_ recipients: [String], from sender: String = "news@sender.invalid") throws -> [Message.ID] {
    let submissions = try recipients.enumerated().flatMap { index, recipient in
      try submitter.prepare(
        Submitter.Request(
          source: "enqueue", raw: TestWorkspace.eml(to: recipient, from: sender),
          idempotencyKey: "\(recipient)/\(index)/\(UUID().uuidString)"))
    }
    return try submitter.store(submissions).map { acknowledgement in
      guard case .inserted(let id) = acknowledgement.insertion else { throw Unexpected("not inserted") }
      return id
    }
  }

  /// Enqueues and takes every arrow to `sent` or `uncertain` without an engine.
  @discardableResult
  func send(
    _ recipients: [String], from sender: String = "news@sender.invalid", ending: MessageTransition = .accept
  ) throws -> [Message.ID] {
    let ids = try enqueue(recipients, from: sender)
    let now = open.clock.now()
    try store.write { transaction in
      let leased = try transaction.messages.claim(
        limit: ids.count, owner: "test", now: now, leaseUntil: now + .minutes(1))
      let leases = leased.map { Lease(id: $0.id, epoch: $0.epoch) }
      _ = try transaction.messages.arm(leases, owner: "test", now: now, leaseUntil: now + .minutes(1))
      for lease in leases {
        _ = try transaction.messages.finish(
          lease, transition: ending, reason: "test", now: now, nextAttemptAt: nil, countsAttempt: true)
      }
    }
    return ids
  }

  func message(_ id: Message.ID) throws -> Message {
    try #require(try store.read { try $0.messages.get(id) })
  }

  func count(_ state: MessageState) throws -> Int {
    try store.read { try $0.counters.all()["message.\(state.rawValue)"] ?? -1 }
  }

  func attempts(_ id: Message.ID) throws -> [Attempt] { try store.read { try $0.attempts.list(of: id) } }

  /// Audit rows of one operation, oldest first.
  func audit(_ operation: String) throws -> [AuditEvent] {
    try store.read { try $0.audit.page(AuditQuery(operation: operation, isDescending: false, limit: 500)).rows }
  }

  func permit() throws -> SendPermit { try store.read { try $0.permit.read() } }
}

struct Unexpected: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

/// Waits until `condition` holds; a failure says what was waited for.
func eventually(
  _ what: String, within seconds: Double = 60, sourceLocation: SourceLocation = #_sourceLocation,
  _ condition: () throws -> Bool
) throws {
  let end = DispatchTime.now().uptimeNanoseconds + UInt64(seconds * 1e9)
  let never = DispatchSemaphore(value: 0)
  while try !condition() {
    guard DispatchTime.now().uptimeNanoseconds < end else {
      Issue.record("waited \(seconds) s in vain: \(what)", sourceLocation: sourceLocation)
      throw Unexpected(what)
    }
    _ = never.wait(timeout: .now() + 0.002)
  }
}

/// Seconds that `body` takes.
func elapsed(_ body: () throws -> Void) rethrows -> Double {
  let start = DispatchTime.now().uptimeNanoseconds
  try body()
  return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
}
