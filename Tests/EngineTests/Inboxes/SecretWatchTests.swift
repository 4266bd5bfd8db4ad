import Foundation
import MailModel
import Storage
import Testing

@testable import Engine

/// An inbox is told as failing only as long as its password cannot be read.
@Suite struct SecretWatchTests {
  private let clock = ManualClock()

  private func place() throws -> (TestWorkspace, Inbox.ID) {
    let place = try TestWorkspace(clock: clock)
    try place.open.secrets.stage(Secret("canary"), for: "news@sender.invalid")
    try place.open.operations.perform(
      "inbox.add",
      OperationRequest(arguments: ["address": "news@sender.invalid", "smtp": "smtp.sender.invalid:587:starttls"]))
    return (place, try #require(try place.store.read { try $0.inboxes.get(address: "news@sender.invalid")?.id }))
  }

  private func fail(_ id: Inbox.ID, _ reason: String, in place: TestWorkspace) throws {
    let now = clock.now()
    try place.store.write {
      try $0.relays.pause(
        Inbox.serverWithoutLogin(id), until: now + .minutes(5), reason: reason, failures: 7, now: now)
    }
  }

  private func isTold(_ place: TestWorkspace) throws -> Bool {
    try SecretWatch(store: place.store, secrets: place.open.secrets).run(now: clock.now())
    return try place.open.overview().alerts.contains { $0.id == "failing-relays" }
  }

  @Test func `a password that can be read again ends the alert about it`() throws {
    let (place, id) = try place()
    let folder = place.open.workspace.secretsFolder
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path).first)
    let path = folder.appending(path: name).path
    chmod(path, 0o644)
    let error = try #require(throws: ConfigurationError.self) { try place.open.inboxLogin(for: id) }
    try fail(id, "\(error)", in: place)
    #expect(try isTold(place))
    chmod(path, 0o600)
    #expect(try !isTold(place))
    #expect(try place.open.inboxStatus("news@sender.invalid").standing == "active")
  }

  @Test func `a login that the server refuses stays told, whoever can read the password`() throws {
    let (place, id) = try place()
    try fail(id, "535 5.7.8 wrong password", in: place)
    #expect(try isTold(place))
  }
}
