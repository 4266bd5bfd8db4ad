import Engine
import Foundation
import MailFormats
import MailModel
import Storage
import Testing

/// Ways in: parsed, checked, stored once (faults 19, 20 and 24).
@Suite struct SubmitterTests {
  private func submit(
    _ place: TestWorkspace, _ raw: [UInt8], key: String? = nil
  ) throws -> [Submitter.Acknowledgement] {
    try place.submitter.store(
      try place.submitter.prepare(Submitter.Request(source: "enqueue", raw: raw, idempotencyKey: key)))
  }

  @Test func `the same file twice is one message`() throws {
    let place = try TestWorkspace()
    let raw = TestWorkspace.eml(to: "a@there.invalid>, <b@there.invalid")
    let first = try submit(place, raw)
    let second = try submit(place, raw)
    #expect(first.count == 2)
    for (one, other) in zip(first, second) {
      guard case .inserted(let id) = one.insertion else { throw Unexpected("not inserted") }
      #expect(other.insertion == .duplicate(id))
      #expect(other.messageID == one.messageID)
    }
    #expect(try place.count(.queued) == 2)
    #expect(try place.audit("message.enqueue").count == 1)
  }

  @Test func `a duplicate is acknowledged with the state it is in now`() throws {
    let place = try TestWorkspace()
    let raw = TestWorkspace.eml(to: "a@there.invalid")
    _ = try submit(place, raw)
    try place.claimAndAccept(1)
    #expect(try submit(place, raw).map(\.state) == [.sent])
  }

  @Test func `fault 24: another content under the same key is refused and nothing of the group is stored`() throws {
    let place = try TestWorkspace()
    _ = try submit(place, TestWorkspace.eml(to: "a@there.invalid"), key: "k")
    let fresh = try place.submitter.prepare(
      Submitter.Request(source: "enqueue", raw: TestWorkspace.eml(to: "new@there.invalid"), idempotencyKey: "n"))
    let clash = try place.submitter.prepare(
      Submitter.Request(
        source: "enqueue", raw: TestWorkspace.eml(to: "a@there.invalid", subject: "Other"), idempotencyKey: "k"))
    #expect(throws: SubmissionError.self) { try place.submitter.store(fresh + clash) }
    #expect(try place.count(.queued) == 1)
  }

  @Test func `fault 24: the same key at once from many threads is one row`() throws {
    let place = try TestWorkspace()
    let submissions = try place.submitter.prepare(
      Submitter.Request(source: "enqueue", raw: TestWorkspace.eml(to: "a@there.invalid"), idempotencyKey: "k"))
    let submitter = place.submitter
    DispatchQueue.concurrentPerform(iterations: 20) { _ in
      #expect(throws: Never.self) { try submitter.store(submissions) }
    }
    #expect(try place.count(.queued) == 1)
  }

  @Test(arguments: [
    "Subject: a\0b", "Subject: a\u{7}b", "To: <a@there.invalid\u{1}>", "X: a\u{1B}[31m", "From: <b@there.invalid>",
    "Cc: <a@there.invalid SIZE=9>", "no colon",
    "Message-ID: <a b@c>",
  ])
  func `fault 19: what cannot stand in a header is refused`(line: String) throws {
    let place = try TestWorkspace()
    let raw = "From: <news@sender.invalid>\r\nTo: <a@there.invalid>\r\n\(line)\r\n\r\nText\r\n"
    #expect(throws: (any Error).self) { try submit(place, Array(raw.utf8)) }
    #expect(try place.count(.queued) == 0)
  }

  @Test(arguments: [
    "a@there.invalid\r\nBcc: x@y.invalid", "a@there.invalid\nRCPT TO:<x@y.invalid>", "<a@there.invalid>",
    "a@there.invalid> SIZE=1", "a\0@there.invalid", "a@there.invalid\r", "",
  ])
  func `fault 20: an envelope address cannot carry a command`(text: String) {
    #expect(throws: AddressError.self) { try Address(parsing: text) }
  }

  @Test func `a bare CR or LF ends a line for us as for every receiver: no second message is smuggled`() throws {
    let place = try TestWorkspace()
    let raw = "From: <news@sender.invalid>\rTo: <a@there.invalid>\n\nText\n.\r\nMAIL FROM:<x>\r.\n"
    let submission = try #require(
      try place.submitter.prepare(Submitter.Request(source: "enqueue", raw: Array(raw.utf8))).first)
    let text = String(decoding: submission.body, as: UTF8.self)
    let bare = text.replacing("\r\n", with: "")
    #expect(!bare.utf8.contains(13) && !bare.utf8.contains(10))
  }

  @Test func `a restricted account's mail is held, a suppressed recipient's is suppressed, at once`() throws {
    let place = try TestWorkspace()
    try place.enqueue(["x@there.invalid"], from: "News@Sender.invalid")
    _ = try place.operations(.reviewer).perform(
      "account.restrict", OperationRequest(targets: [.init(id: "news@sender.invalid")], arguments: ["reason": "test"]))
    #expect(try submit(place, TestWorkspace.eml(to: "a@there.invalid")).map(\.state) == [.held])
    try place.store.write {
      _ = try $0.suppressions.add("gone@there.invalid", reason: "operator", source: "test", now: place.open.clock.now())
    }
    let both = TestWorkspace.eml(to: "Gone@there.invalid>, <fine@there.invalid", from: "other@sender.invalid")
    #expect(try submit(place, both).map(\.state) == [.suppressed, .queued])
  }

  @Test func `watchers do not enqueue`() throws {
    let place = try TestWorkspace()
    let watcher = Submitter(
      store: place.store, clock: place.open.clock, actor: TestWorkspace.person(.watcher), host: "test.invalid")
    let submissions = try watcher.prepare(
      Submitter.Request(source: "enqueue", raw: TestWorkspace.eml(to: "a@there.invalid")))
    #expect(throws: OperationRefusal.self) { try watcher.store(submissions) }
    #expect(try place.count(.queued) == 0)
  }

  @Test func `Bcc names recipients and is not sent`() throws {
    let place = try TestWorkspace()
    let raw = "From: <n@s.invalid>\r\nTo: <a@t.invalid>\r\nBcc: <hidden@t.invalid>\r\n\r\nText\r\n"
    let submissions = try place.submitter.prepare(Submitter.Request(source: "enqueue", raw: Array(raw.utf8)))
    #expect(submissions.map(\.recipient) == ["a@t.invalid", "hidden@t.invalid"])
    for one in submissions { #expect(!String(decoding: one.body, as: UTF8.self).contains("hidden")) }
  }

  @Test func `a message to nobody is refused`() throws {
    let place = try TestWorkspace()
    #expect(throws: SubmissionError.noRecipients) {
      try submit(place, Array("From: <n@s.invalid>\r\nSubject: x\r\n\r\nText\r\n".utf8))
    }
  }
}
