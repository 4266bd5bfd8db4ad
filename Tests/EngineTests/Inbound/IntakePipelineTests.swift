import Foundation
import MailModel
import Storage
import TestSupport
import Testing

@testable import Engine

/// Between whoever fetches reports and whoever stores them.
@Suite struct IntakePipelineTests {
  @Test func `batches that the store had to wait for are counted, until one comes before it is asked for`() throws {
    let place = try TestWorkspace()
    let intake = ReportIntake(store: place.store, settings: try place.open.intakeSettings(), clock: place.open.clock)
    let slow = IntakePipeline(intake, from: 1)
    slow.start()
    let counts = try starved(slow, 3_072) { #expect(TestEnvironment.wait { slow.isIdle }) }
    #expect(counts == [1, 2, 3, 4])
    try slow.finish()
    // Nobody takes what it is given.
    #expect(try starved(IntakePipeline(intake, from: 1), 1_024) {} == [1, 0])
  }

  /// What is counted after each batch up to the UID `last`, when `pause` comes before the last mail of each.
  private func starved(_ pipeline: IntakePipeline, _ last: UInt32, _ pause: () -> Void) throws -> [Int] {
    let gathering = MailGathering(
      mailbox: "reports@test/INBOX", uidValidity: 7, uids: 1...3_072,
      windows: SharedWindows(UIDWindows(from: 1, through: 3_072, width: MailboxScan.batchCount)), pipeline: pipeline)
    var counts: [Int] = []
    for uid in 1...last {
      let endsBatch = uid == 128 || uid % 1_024 == 0
      if endsBatch { pause() }
      try gathering.take(FetchedReport(uid: uid, isSeen: false, raw: Array("Subject: \(uid)\r\n\r\n".utf8)))
      if uid % 1_024 == 0 { try gathering.end(uid - 1_023...uid) }
      if endsBatch { counts.append(gathering.starved) }
    }
    return counts
  }

  @Test func `mails that come before their window's turn do not make the windows to come wider`() throws {
    let place = try TestWorkspace()
    let intake = ReportIntake(store: place.store, settings: try place.open.intakeSettings(), clock: place.open.clock)
    let windows = SharedWindows(UIDWindows(from: 1, through: 40_000, width: MailboxScan.batchCount))
    let pipeline = IntakePipeline(intake, from: 1)
    pipeline.start()
    let gathering = MailGathering(
      mailbox: "reports@test/INBOX", uidValidity: 7, uids: 1...40_000, windows: windows, pipeline: pipeline)
    let first = try #require(windows.next())
    let second = try #require(windows.next())
    for uid in first.lowerBound...second.upperBound {
      try gathering.take(FetchedReport(uid: uid, isSeen: false, raw: Array("Subject: x\r\n\r\n".utf8)))
    }
    try gathering.end(first)
    try gathering.end(second)
    #expect(windows.next()?.count == first.count)
    try pipeline.finish()
  }

  @Test func `when the store fails, what waits is dropped, and whoever hands over more is told`() throws {
    let place = try TestWorkspace()
    let intake = ReportIntake(store: place.store, settings: try place.open.intakeSettings(), clock: place.open.clock)
    let pipeline = IntakePipeline(intake, from: 1)
    func submit(_ uid: UInt32) throws {
      let mail = FetchedReport(uid: uid, isSeen: false, raw: Array("Subject: \(uid)\r\n\r\n".utf8))
      try pipeline.submit(
        FetchedBatch(mailbox: "reports@test/INBOX", uidValidity: 7, mails: [mail], flagged: []), ended: uid...uid)
    }
    for uid in 1...UInt32(IntakePipeline.depth) { try submit(uid) }
    try place.store.close()
    pipeline.start()
    #expect(throws: StoreError.self) { try pipeline.finish() }
    for uid in 10..<UInt32(20) { #expect(throws: StoreError.self) { try submit(uid) } }
    #expect(throws: StoreError.self) { try pipeline.committed() }
  }
}
