import MailModel
import Storage
import TestSupport
import Testing

@testable import Engine

/// What is known of batches once they are committed.
@Suite struct CommittedBatchTests {
  private func pipeline(_ place: TestWorkspace) throws -> IntakePipeline {
    let intake = ReportIntake(store: place.store, settings: try place.open.intakeSettings(), clock: place.open.clock)
    let pipeline = IntakePipeline(intake, from: 1)
    try pipeline.start()
    return pipeline
  }

  private func mail(_ uid: UInt32) -> FetchedReport {
    FetchedReport(uid: uid, raw: Array("Subject: \(uid)\r\n\r\n".utf8))
  }

  @Test func `UIDs are told once, and as far as nothing is missing, in whatever order windows end`() throws {
    let place = try TestWorkspace()
    let pipeline = try pipeline(place)
    func submit(_ uid: UInt32) throws -> UInt32 {
      try pipeline.submit(
        FetchedBatch(mailbox: "reports@test/INBOX", uidValidity: 7, mails: [pipeline.read(mail(uid))]), ended: uid...uid
      )
      #expect(TestEnvironment.wait { pipeline.isIdle })
      return try pipeline.committed().upTo
    }
    #expect(try submit(1) == 1)
    #expect(try submit(3) == 1, "2 is missing")
    try pipeline.submit(
      FetchedBatch(mailbox: "reports@test/INBOX", uidValidity: 7, mails: [pipeline.read(mail(2))]), ended: 2...2)
    try pipeline.finish()
    let committed = try pipeline.committed()
    #expect((committed.stored, committed.upTo) == (3, 3))
    #expect(committed.uids == [2])
    #expect(try pipeline.committed().uids.isEmpty)
    #expect(try place.store.read { try $0.mailboxes.checkpoint("reports@test/INBOX") }?.lastUID == 3)
  }

  @Test func `mails that nobody asked for are left out`() throws {
    let place = try TestWorkspace()
    let pipeline = try pipeline(place)
    let windows = SharedWindows(UIDWindows(from: 5, through: 10, width: MailboxScan.batchCount))
    let gathering = MailGathering(
      mailbox: "reports@test/INBOX", uidValidity: 7, uids: 5...10, windows: windows, pipeline: pipeline)
    for uid: UInt32 in [4, 7, 11] { try gathering.take(mail(uid)) }
    try gathering.end(5...10)
    try pipeline.finish()
    #expect(try pipeline.committed().uids == [7])
    #expect(try place.store.read { try $0.reports.unclassified(limit: 10) }.isEmpty)
    #expect(try place.store.read { try $0.reports.page().rows }.map(\.location.uid) == [7])
  }
}
