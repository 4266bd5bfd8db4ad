import Foundation
import MailModel
import Storage
import Testing

@testable import Engine

@Suite struct AuditListTests {
  @Test(arguments: [
    ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"), ("\r=1", "'\r=1"),
    ("\0=1", "'\u{FFFD}=1"), (" =1", "' =1"), ("\n=1", "'\n=1"), ("＝1", "'＝1"), ("a=1", "a=1"), ("", ""),
    ("1-1", "1-1"), ("a\0b", "a\u{FFFD}b"), ("a\u{1B}]52;c;aGk=\u{7}", "a\u{FFFD}]52;c;aGk=\u{FFFD}"),
    ("a\u{9B}2J\u{7F}", "a\u{FFFD}2J\u{FFFD}"), ("a\tb\r\nc", "a\tb\r\nc"),
  ])
  func `faults 31, 39: no exported cell is a formula or drives a terminal`(value: String, harmless: String) {
    #expect(SpreadsheetCell.harmless(value) == harmless)
    #expect(SpreadsheetCell.text(value) == "\"\(harmless)\"")
  }

  @Test func `a line of the export is one record whatever stands in it`() {
    let event = AuditEvent(
      id: 1, at: Timestamp(seconds: 0), actor: "ana", role: "lead", origin: "desk:1", operation: "queue.hold",
      subject: "message:1", reason: "say \"no\",\n=cmd", details: #"{"after":"held","preview":"=1"}"#, hash: "00")
    let line = AuditExport.csv(event)
    #expect(line.hasSuffix("\r\n") && line.contains(#""say ""no"","#) && line.contains(#""'=1""#))
    #expect(line.contains("1970-01-01T00:00:00"))
    #expect(AuditExport.csvHeader.split(separator: ",").count == AuditExport.columns.count)
  }

  @Test func `what was expected, before, after and what came of it come first`() {
    let details = AuditDetails(#"{"zeta":"1","result":"r","before":"b","after":"a","preview":"p","alpha":"2"}"#)
    #expect(details.fields.map(\.name) == ["preview", "before", "after", "result", "alpha", "zeta"])
    #expect(AuditDetails("[1]").fields.isEmpty && AuditDetails("").fields.isEmpty)
  }

  @Test func `events are found by account, person, operation, time and text`() throws {
    let clock = ManualClock()
    let place = try TestWorkspace(clock: clock)
    let ids = try place.enqueue(["a@there.invalid"], from: "one@sender.invalid")
    try place.enqueue(["b@there.invalid"], from: "two@sender.invalid")
    clock.advance(.hours(1))
    let start = clock.now()
    _ = try place.runner("ana", .lead).perform(
      "account.restrict",
      OperationRequest(targets: [.init(id: "two@sender.invalid")], arguments: ["reason": "100% \"odd\"_"]))
    clock.advance(.hours(1))
    _ = try place.runner("ben", .lead).perform("queue.hold", OperationRequest(targets: [.init(id: "\(ids[0])")]))
    func found(_ query: AuditQuery) throws -> [String] {
      try place.store.read { try $0.audit.page(query).rows.map(\.operation) }
    }
    let one = try place.account("one@sender.invalid").id
    let two = try place.account("two@sender.invalid").id
    #expect(try found(AuditQuery(account: one)) == ["queue.hold"], "by the account of the message")
    #expect(try found(AuditQuery(account: two)) == ["account.restrict"])
    #expect(try found(AuditQuery(actor: "ana")) == ["account.restrict"])
    #expect(try found(AuditQuery(operation: "queue.hold", text: "held")) == ["queue.hold"])
    #expect(try found(AuditQuery(since: start)) == ["queue.hold", "account.restrict"])
    #expect(try found(AuditQuery(since: start, until: clock.now())) == ["account.restrict"])
    #expect(try found(AuditQuery(text: "100% \"odd\"_")) == ["account.restrict"])
    #expect(try found(AuditQuery(text: "' OR 1=1 --")).isEmpty, "fault 42")
    let details = AuditDetails(try #require(try place.audit("account.restrict").first).details)
    #expect(details["preview"]?.contains("holds 1 waiting") == true)
    #expect(
      details["before"] == "good" && details["after"]?.hasPrefix("restricted, level 1, review on ") == true
        && details["result"]?.isEmpty == false)
  }

  @Test(arguments: [
    ("2026-11-21", true), ("2024-02-29", true), ("2026-02-29", false), ("2026-13-01", false), ("2026-11-00", false),
    ("26-11-21", false), ("2026-11", false), ("", false), ("2026-11-21T08", false), ("-026-11-21", false),
  ])
  func `a day is a day`(text: String, isDay: Bool) { #expect((DayText.start(of: text) != nil) == isDay) }

  @Test func `how long ago`() {
    let now = Timestamp(seconds: 1_000_000)
    #expect(DayText.moment("2d", now: now) == now - .days(2))
    #expect(DayText.moment("24h", now: now) == now - .hours(24))
    #expect(DayText.moment("5min", now: now) == now - .minutes(5))
    for text in ["d", "5", "5x", "-5d", "99999999999999999999d"] { #expect(DayText.moment(text, now: now) == nil) }
  }
}
