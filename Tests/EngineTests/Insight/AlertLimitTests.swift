import MailModel
import MailPolicy
import Storage
import Testing

@testable import Engine

/// Limits that a lead has set hold wherever a number is judged.
@Suite struct AlertLimitTests {
  @Test func `mail that is due while no engine runs is told, to the checklist too, until one runs`() throws {
    let clock = ManualClock()
    let place = try TestWorkspace(clock: clock)
    _ = try place.enqueue(["a@there.example"])
    func told() throws -> Bool { try place.open.overview().alerts.contains { $0.id == "no-engine" } }
    clock.advance(.minutes(14))
    #expect(try !told())
    clock.advance(.minutes(1))
    #expect(try told())
    let probe = try place.store.read { try Probe.read(.alerts, $0, place.open.operations.context) }
    #expect(probe.value.contains("No engine runs"), "\(probe.value)")
    let lock = try EngineLock(path: place.open.workspace.engineLockPath)
    #expect(try !told())
    withExtendedLifetime(lock) {}
  }

  @Test func `the header, the memory of alerts and the checklist judge by the limits that are set`() throws {
    for (limits, severity) in [("1, 5", Alert.Severity.warning), ("0, 1", .critical), ("2, 5", nil)] {
      let place = try TestWorkspace(settings: ["ALERT_BACKLOG": limits])
      _ = try place.enqueue(["a@there.example", "b@there.example"])
      let overview = try place.open.overview()
      #expect(overview.alerts.first { $0.id == "backlog" }?.severity == severity)
      try AlertWatch.run(place.store, place.open.vitalsReading, now: place.open.clock.now())
      let remembered = try place.store.read { try $0.standingAlerts.all() }
      #expect(remembered.keys.contains("backlog") == (severity != nil))
      let reading = try place.store.read { try Probe.read(.queueHealth, $0, place.open.operations.context) }
      #expect(reading.value.contains("limits \(limits.replacing(",", with: " and"))"))
    }
  }
}
