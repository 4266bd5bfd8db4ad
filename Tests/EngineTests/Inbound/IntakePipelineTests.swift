import Foundation
import MailModel
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Engine

/// Between whoever fetches reports and whoever stores them.
@Suite struct IntakePipelineTests {
  @Test func `mails that the store had to wait for are counted, until some come before they are asked for`() throws {
    let place = try TestWorkspace()
    let slow = try gathering(place)
    try slow.pipeline.start()
    for uid in 1...UInt32(2_048) {
      try slow.mails.take(mail(uid))
      if uid % 1_024 == 0 { try slow.mails.end(uid - 1_023...uid) }
      #expect(TestEnvironment.wait { slow.pipeline.isIdle })
    }
    #expect(slow.mails.starved == 2_048)
    try slow.pipeline.finish()
    // Nobody takes what it is given.
    let fast = try gathering(place)
    let counts = try (1...UInt32(2)).map { uid in
      try fast.mails.take(mail(uid))
      try fast.mails.end(uid...uid)
      return fast.mails.starved
    }
    #expect(counts == [1, 0])
  }

  /// Tells another time whenever it is asked.
  private final class TickingClock: Clock {
    private let ticks = Atomic<Int64>(0)

    func now() -> Timestamp { Timestamp(seconds: ticks.add(1, ordering: .relaxed).newValue) }
  }

  @Test func `while the store is busy, more mails are gathered for one transaction`() throws {
    let place = try TestWorkspace()
    let (gathering, pipeline, _) = try gathering(place, clock: TickingClock())
    let sizes = [MailboxScan.leastBatchCount, MailboxScan.batchCount, 9]
    let all = 1...UInt32(sizes.reduce(0, +))
    for uid in all { try gathering.take(mail(uid)) }
    try gathering.end(all)
    try pipeline.start()
    try pipeline.finish()
    let moments = try place.store.read { (transaction) throws in
      try all.compactMap { try transaction.reports.get(Int64($0))?.receivedAt }
    }
    #expect(Dictionary(grouping: moments, by: \.self).sorted { $0.key < $1.key }.map(\.value.count) == sizes)
  }

  private func gathering(_ place: TestWorkspace, clock: (any Clock)? = nil) throws -> (
    mails: MailGathering, pipeline: IntakePipeline, windows: SharedWindows
  ) {
    let intake = ReportIntake(
      store: place.store, settings: try place.open.intakeSettings(), clock: clock ?? place.open.clock)
    let pipeline = IntakePipeline(intake, from: 1)
    let windows = SharedWindows(UIDWindows(from: 1, through: 40_000, width: MailboxScan.batchCount))
    let mails = MailGathering(
      mailbox: "reports@test/INBOX", uidValidity: 7, uids: 1...40_000, windows: windows, pipeline: pipeline)
    return (mails, pipeline, windows)
  }

  private func mail(_ uid: UInt32) -> FetchedReport {
    FetchedReport(uid: uid, raw: Array("Subject: \(uid)\r\n\r\n".utf8))
  }

  @Test func `mails that come before their window's turn do not make the windows to come wider`() throws {
    let place = try TestWorkspace()
    let (gathering, pipeline, windows) = try gathering(place)
    try pipeline.start()
    let first = try #require(windows.next())
    let second = try #require(windows.next())
    for uid in first.lowerBound...second.upperBound { try gathering.take(mail(uid)) }
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
      try pipeline.submit(
        FetchedBatch(mailbox: "reports@test/INBOX", uidValidity: 7, mails: [pipeline.read(mail(uid))]), ended: uid...uid
      )
    }
    for uid in 1...UInt32(IntakePipeline.depth) { try submit(uid) }
    place.open.close()
    try pipeline.start()
    #expect(throws: StoreError.self) { try pipeline.finish() }
    for uid in 10..<UInt32(20) { #expect(throws: StoreError.self) { try submit(uid) } }
    #expect(throws: StoreError.self) { try pipeline.committed() }
  }
}
