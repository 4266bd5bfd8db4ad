import Engine
import Foundation
import MailModel
import Storage
import Testing

/// One list of operations, each with its role, its version check and its audit row (DESIGN §2.1).
@Suite struct OperationTests {
  @Test func `every operation has an id of its own, a title and a help text`() {
    let ids = Operation.all.map(\.id)
    #expect(Set(ids).count == ids.count)
    #expect(ids.count >= 15)
    for operation in Operation.all {
      let words = operation.id.split(separator: ".")
      #expect(words.count == 2 && operation.id.allSatisfy { $0.isLowercase || $0 == "." || $0 == "-" })
      #expect(!operation.title.isEmpty)
      #expect(operation.help.hasSuffix(".") || operation.help.hasSuffix(")."))
      #expect(Operation.named(operation.id)?.title == operation.title)
      for argument in operation.arguments { #expect(!argument.help.isEmpty) }
    }
    #expect(Operation.named("queue.explode") == nil)
  }

  @Test(arguments: Operation.all.map(\.id), Role.allCases)
  func `a lower role is refused before anything else, in perform and preview`(id: String, role: Role) throws {
    let operation = try #require(Operation.named(id))
    let place = try TestWorkspace()
    let runner = place.operations(role)
    let refusal = OperationRefusal.role(needed: operation.role, actual: role, operation: id)
    guard role < operation.role else {
      // With the role, something else is missing: never the role.
      do { _ = try runner.preview(id, OperationRequest()) } catch { #expect(error as? OperationRefusal != refusal) }
      return
    }
    #expect(throws: refusal) { try runner.perform(id, OperationRequest()) }
    #expect(throws: refusal) { try runner.preview(id, OperationRequest()) }
    #expect(try place.audit(id).isEmpty)
  }

  @Test(arguments: Operation.all.filter { $0.arguments.contains(where: \.isRequired) }.map(\.id))
  func `a required argument must say something`(id: String) throws {
    let place = try TestWorkspace()
    let target = OperationRequest.Target(id: "1")
    let name = try #require(Operation.named(id)?.arguments.first(where: \.isRequired)?.name)
    for empty in [[:], [name: ""], [name: " \t"]] {
      #expect(throws: OperationRefusal.missingArgument(name, operation: id)) {
        try place.operations(.lead).perform(id, OperationRequest(targets: [target], arguments: empty))
      }
    }
  }

  @Test func `a preview asks for what it cannot be made without, and says what that is; for no reason yet`() throws {
    let place = try TestWorkspace()
    let runner = place.operations(.lead)
    let refusal = try #require(throws: OperationRefusal.self) { try runner.preview("pause.add", OperationRequest()) }
    #expect(refusal == .missingArgument("scope", operation: "pause.add"))
    #expect("\(refusal)".hasPrefix("pause.add needs --set scope=…: inbox:ADDRESS, "), "\(refusal)")
    let request = OperationRequest(arguments: ["scope": "campaign:autumn"])
    #expect(try runner.preview("pause.add", request).summary.contains("autumn"))
  }

  @Test(arguments: Operation.all.filter { $0.arguments.contains { !$0.choices.isEmpty } }.map(\.id))
  func `a word that is none of the choices is refused before anything is promised`(id: String) throws {
    let place = try TestWorkspace()
    let arguments = try #require(Operation.named(id)?.arguments)
    let chosen = try #require(arguments.first { !$0.choices.isEmpty })
    let others = arguments.filter { $0.name != chosen.name }.map { ($0.name, "x") }
    let wrong = Dictionary(others + [(chosen.name, "foo")], uniquingKeysWith: { $1 })
    let expected = "one of \(chosen.choices.joined(separator: ", "))"
    #expect(throws: OperationRefusal.badTarget("foo", expected: expected)) {
      try place.operations(.lead).preview(id, OperationRequest(targets: [.init(id: "1")], arguments: wrong))
    }
  }

  @Test func `a misspelt argument is refused instead of leaving its default to decide`() throws {
    let place = try TestWorkspace()
    let account = [OperationRequest.Target(id: "news@sender.example")]
    let misspelt = OperationRequest(targets: account, arguments: ["reason": "x", "hold": "discard"])
    let refusal = try #require(throws: OperationRefusal.self) {
      try place.operations(.lead).perform("account.lift", misspelt)
    }
    #expect(refusal == .unknownArgument("hold", operation: "account.lift", known: ["reason", "held"]))
    #expect("\(refusal)" == "account.lift has no argument 'hold'; it has reason, held")
    #expect(throws: refusal) { try place.operations(.lead).preview("account.lift", misspelt) }
    // What the console does not ask for may be said all the same, and so may a reason.
    let known = OperationRequest(targets: [.init(id: "a@b.example")], arguments: ["reason": "x", "days": "3"])
    _ = try place.operations(.lead).perform("suppression.add", known)
    _ = try place.operations(.lead).perform("checklist.start", OperationRequest(arguments: ["reason": "x"]))
  }

  @Test func `nothing is there to be reset while nothing is latched`() throws {
    let place = try TestWorkspace()
    let preview = try place.operations(.lead).preview("stop.reset", OperationRequest(arguments: ["reason": "x"]))
    #expect(preview == Preview(summary: "the emergency stop is not latched", isEmpty: true))
    _ = try place.operations(.lead).perform("stop.trip", OperationRequest(arguments: ["reason": "drill"]))
    let latched = try place.operations(.lead).preview("stop.reset", OperationRequest(arguments: ["reason": "x"]))
    #expect(!latched.isEmpty && latched.lines.first == "cause: drill")
  }

  @Test func `a row that never was is another refusal than one that changed`() throws {
    let place = try TestWorkspace()
    for (id, expected) in [("x", "a row's number"), ("7", "a message of this workspace")] {
      #expect(throws: OperationRefusal.badTarget(id, expected: expected)) {
        try place.operations(.lead).perform("queue.hold", OperationRequest(targets: [.init(id: id)]))
      }
    }
  }

  @Test(arguments: Operation.all.filter { $0.target != .none }.map(\.id))
  func `something to act on is needed`(id: String) throws {
    let place = try TestWorkspace()
    let refusal = #expect(throws: OperationRefusal.self) {
      try place.operations(.lead).perform(id, OperationRequest(arguments: ["reason": "test"]))
    }
    let words = "\(try #require(refusal))"
    #expect(words.hasPrefix("\(id) acts on ") && words.contains("name at least one"))
    #expect(words.contains("--matching") == (Operation.named(id)?.takesFilter ?? false))
  }

  @Test(arguments: ["", "x", "-1", "99999999999999999999", "1/2", "'; DROP TABLE message; --"])
  func `fault 42: targets that are none change nothing`(id: String) throws {
    let place = try TestWorkspace()
    try place.enqueue(["a@there.invalid"])
    let request = OperationRequest(targets: [.init(id: id)], arguments: ["reason": "test"])
    for operation in Operation.all where operation.target != .none && operation.target != .recipient {
      #expect(throws: OperationRefusal.self) { try place.operations(.lead).perform(operation.id, request) }
    }
    #expect(try place.count(.queued) == 1)
  }

  @Test func `an unknown operation is refused`() throws {
    let place = try TestWorkspace()
    #expect(throws: OperationRefusal.unknownOperation("queue.explode")) {
      try place.operations(.lead).perform("queue.explode", OperationRequest())
    }
  }

  @Test func `effect and audit row are one transaction: an effect that throws leaves neither`() throws {
    let place = try TestWorkspace()
    let ids = try place.enqueue(["a@there.invalid"], from: "one@sender.invalid")
    try place.enqueue(["b@there.invalid"], from: "two@sender.invalid")
    let reviewer = place.operations(.reviewer)
    _ = try reviewer.perform(
      "account.restrict", OperationRequest(targets: [.init(id: "two@sender.invalid")], arguments: ["reason": "first"]))
    // The first account is changed by the effect before the second one makes it throw.
    let both = OperationRequest(
      targets: [.init(id: "one@sender.invalid"), .init(id: "two@sender.invalid")], arguments: ["reason": "second"])
    #expect(throws: OperationRefusal.self) { try reviewer.perform("account.restrict", both) }
    #expect(try place.account("one@sender.invalid").standing == .good)
    #expect(try place.message(ids[0]).state == .queued)
    #expect(try place.audit("account.restrict").map(\.reason) == ["first"])
  }

  @Test func `an audit row says who, what, why and with which result, and the chain holds`() throws {
    let place = try TestWorkspace()
    let id = try place.enqueue(["a@there.invalid"])[0]
    _ = try place.operations(.operator).perform(
      "queue.cancel", OperationRequest(targets: [.init(id: "\(id)")], arguments: ["reason": "wrong \"text\"\n"]))
    let row = try #require(try place.audit("queue.cancel").first)
    #expect(row.actor == "tess" && row.role == "operator" && row.origin == "desk:1")
    #expect(row.subject == "message:\(id)" && row.reason == "wrong \"text\"\n")
    #expect(row.details.contains("\"result\":\"1 cancelled\""))
    guard case .sound(let count, _) = try place.store.read({ try $0.audit.verify() }) else {
      Issue.record("the chain is broken")
      return
    }
    #expect(count >= 3)
  }

  @Test func `a row that changed since it was drawn is refused`() throws {
    let place = try TestWorkspace()
    let ids = try place.enqueue(["a@there.invalid", "b@there.invalid"])
    let drawn = try ids.map { OperationRequest.Target(id: "\($0)", version: try place.message($0).version) }
    let runner = place.operations(.operator)
    _ = try runner.perform("queue.hold", OperationRequest(targets: [drawn[0]]))
    #expect(throws: OperationRefusal.self) {
      try runner.perform("queue.release", OperationRequest(targets: [drawn[0]]))
    }
    #expect(try place.message(ids[0]).state == .held)
    // Of several, those that did not change are done and the others are named.
    let effect = try runner.perform("queue.hold", OperationRequest(targets: drawn))
    #expect(effect.changed == 1)
    #expect(effect.refusals.count == 1 && effect.refusals[0].contains("changed since it was drawn"))
  }

  @Test func `accounts and complaints check their versions too`() throws {
    let place = try TestWorkspace()
    try place.enqueue(["a@there.invalid"])
    let old = try place.account("news@sender.invalid").version
    let runner = place.operations(.reviewer)
    let request = { (version: Int64) in
      OperationRequest(targets: [.init(id: "news@sender.invalid", version: version)], arguments: ["reason": "test"])
    }
    #expect(throws: OperationRefusal.self) { try runner.perform("account.restrict", request(old + 1)) }
    _ = try runner.perform("account.restrict", request(old))
    #expect(throws: OperationRefusal.self) { try runner.perform("account.lift", request(old)) }
  }
}
