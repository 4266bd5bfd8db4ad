import Engine
import Foundation
import MailModel
import Storage
import Testing

/// The suppression list: expiry, import, export, lift.
@Suite struct SuppressionTests {
  private func importing(_ text: String, _ place: TestWorkspace) throws -> OperationRequest {
    let file = place.folder.appending(path: "in.csv")
    try Data(text.utf8).write(to: file)
    return OperationRequest(arguments: ["file": file.path])
  }

  @Test func `an import tells wrong lines, adds the others once, and says so before`() throws {
    let place = try TestWorkspace()
    let waiting = try place.enqueue(["a@there.invalid"])[0]
    let request = try importing(
      "address,reason,expires_at\r\na@there.invalid,\"left, for good\",\r\nnot an address,x,\r\nb@there.invalid,,tomorrow\r\n"
        + "c@there.invalid,,2099-01-01T00:00:00Z\r\n\"unclosed,x\r\n", place)
    let preview = try place.operations(.operator).preview("suppression.import", request)
    #expect(preview.summary.hasPrefix("adds 2, knows 0 already, leaves out 3"))
    #expect(preview.lines.map { $0.prefix(7) } == ["line 3:", "line 4:", "line 6:"])
    let effect = try place.operations(.operator).perform("suppression.import", request)
    #expect(effect.changed == 2 && effect.refusals.count == 3)
    #expect(try place.message(waiting).state == .suppressed)
    #expect(try place.store.read { try $0.suppressions.list("a@there.invalid").first?.reason } == "left, for good")
    let again = try place.operations(.operator).preview("suppression.import", request)
    #expect(again.isEmpty)
    #expect(try place.operations(.operator).perform("suppression.import", request).changed == 0)
  }

  @Test func `suppressing says before what stands on the list already, and until when it would then`() throws {
    let place = try TestWorkspace(clock: ManualClock())
    let now = place.open.clock.now()
    try place.store.write {
      try $0.suppressions.add("gone@there.invalid", reason: "hard bounce", source: "report 7", now: now)
      try $0.suppressions.add("away@there.invalid", reason: "asked", source: "ana", now: now, expiresAt: now + .days(9))
    }
    func preview(_ address: String, days: String?) throws -> Preview {
      var request = OperationRequest(targets: [.init(id: address)], arguments: ["reason": "x"])
      request.arguments["days"] = days
      return try place.operations(.operator).preview("suppression.add", request)
    }
    let gone = try preview("Gone@there.invalid", days: "3")
    #expect(gone.isEmpty && gone.lines[0].contains("hard bounce (report 7), for ever; it stays as it is"))
    #expect(try preview("away@there.invalid", days: "3").isEmpty)
    let longer = try preview("away@there.invalid", days: nil)
    #expect(!longer.isEmpty && longer.lines[0].hasSuffix("then for ever"))
    let new = try preview("new@there.invalid", days: "3")
    #expect(!new.isEmpty && new.lines.isEmpty && new.summary.hasPrefix("suppresses new@there.invalid until "))
  }

  @Test func `an address is the same in capitals: what waits for it stops, what is held is counted`() throws {
    let place = try TestWorkspace()
    let waiting = try place.enqueue(["Ann.Lee@there.invalid", "Ann.Lee@there.invalid"])
    try place.store.write {
      _ = try $0.messages.holdAll(account: 1, reason: "x", now: place.open.clock.now())
    }
    let more = try place.enqueue(["ANN.LEE@there.invalid"])[0]
    let operators = place.operations(.operator)
    try operators.perform("suppression.import", importing("address\nann.lee@there.invalid\n", place))
    #expect(try place.message(more).state == .suppressed)
    #expect(try waiting.map { try place.message($0).state } == [.held, .held])
    let lift = OperationRequest(targets: [.init(id: "Ann.Lee@there.invalid")], arguments: ["reason": "x"])
    let preview = try operators.preview("suppression.lift", lift)
    #expect(preview.summary.hasSuffix("frees 2 held"), "\(preview.summary)")
    #expect(preview.lines.contains { $0.hasPrefix("1 suppressed message") }, "\(preview.lines)")
  }

  @Test func `a search finds what the row shows: address, reason, source and whose mail`() throws {
    let place = try TestWorkspace()
    try place.send(["a@there.invalid"])
    let account = try place.account("news@sender.invalid").id
    try place.store.write {
      for (address, reason, account) in [("a@there.invalid", "complaint", account), ("b@there.invalid", "moved", nil)] {
        try $0.suppressions.add(
          address, reason: reason, source: "report 7", now: place.open.clock.now(), account: account)
      }
    }
    func found(_ text: String) throws -> [String] {
      try place.store.read { try $0.suppressions.page(text: text).rows.map(\.address) }
    }
    #expect(try found("news@sender") == ["a@there.invalid"] && found("moved") == ["b@there.invalid"])
    #expect(try found("report 7").count == 2 && found("nobody").isEmpty)
  }

  @Test func `an import says before for which accounts nobody has sent yet`() throws {
    let place = try TestWorkspace()
    try place.send(["a@there.invalid"])
    let path = try place.file(
      "list.csv",
      "address,account\nb@there.invalid,news@sender.invalid\nc@there.invalid,mews@sender.invalid\nd@there.invalid,\n")
    let preview = try place.operations(.operator).preview(
      "suppression.import", OperationRequest(arguments: ["file": path]))
    #expect(preview.lines == ["for accounts that are not known yet: mews@sender.invalid"])
  }

  @Test func `what is exported is imported again, and is no formula`() throws {
    let place = try TestWorkspace()
    let now = place.open.clock.now()
    try place.store.write { transaction in
      for address in ["=1+1@there.invalid", "+plus@there.invalid", "-minus@there.invalid", "plain@there.invalid"] {
        try transaction.suppressions.add(address, reason: "=cmd|' /C calc'!A0", source: "@x", now: now)
      }
    }
    var text = ""
    try place.open.exportSuppressions { text += $0 }
    for line in text.split(separator: "\r\n").dropFirst() {
      for field in line.split(separator: ",") { #expect(!"=+-@".contains(field.first ?? " ")) }
    }
    let other = try TestWorkspace()
    try other.operations(.operator).perform("suppression.import", try importing(text, other))
    #expect(try other.isSuppressed("=1+1@there.invalid"))
    #expect(
      try other.store.read { try $0.suppressions.list("plain@there.invalid").first?.reason } == "=cmd|' /C calc'!A0")
  }

  @Test func `a large import goes in parts, and says what of it has expired`() throws {
    let place = try TestWorkspace()
    let held = try place.enqueue(["a3@there.invalid", "a8400@there.invalid"])
    var lines = ["address,expires_at"]
    for number in 0..<9_000 { lines.append("a\(number)@there.invalid,\(number == 3 ? "2020-01-01T00:00:00Z" : "")") }
    let request = try importing(lines.joined(separator: "\n"), place)
    let operators = place.operations(.operator)
    #expect(
      try operators.preview("suppression.import", request).summary.hasPrefix("adds 9000 (1 of them expired already),"))
    let effect = try operators.perform("suppression.import", request)
    #expect(effect.changed == 9_000 && effect.summary.hasPrefix("9000 (1 of them expired already) added"))
    #expect(try held.map { try place.message($0).state } == [.queued, .suppressed])
    #expect(try place.audit("suppression.import").count == 3)
  }

  @Test func `an expired entry suppresses nothing, at enqueue and at the arm`() throws {
    let clock = ManualClock()
    let place = try TestWorkspace(clock: clock)
    let effect = try place.operations(.operator).perform(
      "suppression.add",
      OperationRequest(targets: [.init(id: "a@there.invalid")], arguments: ["reason": "on leave", "days": "2"]))
    let end = Clockface.text(clock.now() + .days(2))
    #expect(effect.summary == "a@there.invalid suppressed until \(end), 0 waiting messages stopped")
    #expect(try place.message(try place.enqueue(["a@there.invalid"])[0]).state == .suppressed)
    clock.advance(.days(2))
    let id = try place.send(["a@there.invalid"])[0]
    #expect(try place.message(id).state == .sent)
  }

  @Test func `a lift tells which of its addresses are not on the list`() throws {
    let place = try TestWorkspace()
    let operators = place.operations(.operator)
    func request(_ addresses: String...) -> OperationRequest {
      OperationRequest(targets: addresses.map { .init(id: $0) }, arguments: ["reason": "asked for it"])
    }
    try operators.perform("suppression.add", request("a@there.invalid"))
    let both = request("b@there.invalid", "a@there.invalid")
    let preview = try operators.preview("suppression.lift", both)
    #expect(preview.summary == "a@there.invalid may get mail again; frees 0 held")
    #expect(preview.lines.first == "b@there.invalid is not on the suppression list")
    let effect = try operators.perform("suppression.lift", both)
    #expect(effect.changed == 1 && effect.refusals == ["b@there.invalid is not on the suppression list"])
    #expect(try operators.preview("suppression.lift", both).isEmpty)
    let refusal = try #require(throws: OperationRefusal.self) {
      try operators.perform("suppression.lift", request("b@there.invalid"))
    }
    #expect("\(refusal)" == "b@there.invalid is not on the suppression list")
  }

  @Test func `a lift previews the held mail it frees`() throws {
    let place = try TestWorkspace()
    let held = try place.enqueue(["a@there.invalid"])[0]
    let operators = place.operations(.operator)
    try operators.perform("queue.hold", OperationRequest(targets: [.init(id: "\(held)")]))
    // What waits is stopped for good; what is held cannot go and stays held.
    let waiting = try place.enqueue(["a@there.invalid"])[0]
    try operators.perform(
      "suppression.add", OperationRequest(targets: [.init(id: "a@there.invalid")], arguments: ["reason": "on leave"]))
    #expect(try place.message(waiting).state == .suppressed && place.message(held).state == .held)
    let lift = OperationRequest(targets: [.init(id: "a@there.invalid")], arguments: ["reason": "asked for it"])
    #expect(try operators.preview("suppression.lift", lift).summary.hasSuffix("frees 1 held"))
    let lines = try operators.preview("suppression.lift", lift).lines
    #expect(lines.contains { $0.hasPrefix("held: ") } && lines.contains { $0.hasPrefix("1 suppressed message ") })
    try operators.perform("suppression.lift", lift)
    try operators.perform("queue.release", OperationRequest(targets: [.init(id: "\(held)")]))
    #expect(try place.message(held).state == .queued)
  }

  @Test func `held mail to somebody who is suppressed still ends as suppressed at its release`() throws {
    let place = try TestWorkspace()
    let held = try place.enqueue(["a@there.invalid"])[0]
    let operators = place.operations(.operator)
    try operators.perform("queue.hold", OperationRequest(targets: [.init(id: "\(held)")]))
    try operators.perform(
      "suppression.add", OperationRequest(targets: [.init(id: "a@there.invalid")], arguments: ["reason": "on leave"]))
    try operators.perform("queue.release", OperationRequest(targets: [.init(id: "\(held)")]))
    #expect(try place.message(held).state == .suppressed)
  }
}
