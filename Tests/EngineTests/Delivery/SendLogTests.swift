import Engine
import Foundation
import Logging
import MailModel
import Storage
import Synchronization
import Testing

/// `outbox/send_log.jsonl`: every attempt stands in it exactly once.
@Suite struct SendLogTests {
  private func attemptNumbers(_ path: String) throws -> [Int] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.hasSuffix("\n"))
    return try text.split(separator: "\n").map { line in
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      return try #require(object["attempt"] as? Int)
    }
  }

  private func log(_ place: TestWorkspace) -> SendLog {
    SendLog(path: place.open.workspace.sendLogPath, store: place.store, log: place.open.log)
  }

  /// Sends with attempts on record, without an engine.
  private func attempt(_ place: TestWorkspace, _ count: Int) throws {
    let ids = try place.send((0..<count).map { "ok.\($0)@there.invalid" })
    try place.store.write { transaction in
      for id in ids {
        try transaction.attempts.append(
          Attempt(
            id: 0, messageID: id, epoch: 1, relay: "localhost:25", outcome: "accepted", stage: .dot, replyCode: 250,
            enhancedStatus: EnhancedStatus(2, 0, 0), text: "line one\nline \"two\"", renderedAt: nil, armedAt: nil,
            repliedAt: place.open.clock.now()))
      }
    }
  }

  @Test func `every attempt once, in order, however often and from however many processes it is written`() throws {
    let place = try TestWorkspace()
    try attempt(place, 600)
    let logs = [log(place), log(place)]
    DispatchQueue.concurrentPerform(iterations: 8) { logs[$0 % 2].catchUp() }
    try attempt(place, 5)
    log(place).catchUp()
    #expect(try attemptNumbers(place.open.workspace.sendLogPath) == Array(1...605))
  }

  @Test func `whoever is stopped while it has the file keeps no other from going on`() throws {
    let place = try TestWorkspace()
    try attempt(place, 3)
    let path = place.open.workspace.sendLogPath
    log(place).catchUp()
    let held = open(path, O_RDWR | O_CLOEXEC)
    defer { close(held) }
    #expect(flock(held, LOCK_EX) == 0)
    try attempt(place, 2)
    log(place).numberOn()
    log(place).catchUp()
    #expect(try attemptNumbers(path) == [1, 2, 3])
    flock(held, LOCK_UN)
    log(place).catchUp()
    #expect(try attemptNumbers(path) == [1, 2, 3, 4, 5])
  }

  @Test func `a line says everything about its attempt, in UTC`() throws {
    let place = try TestWorkspace()
    let id = try #require(try place.send(["ok@there.invalid"]).first)
    let moment = Timestamp(microseconds: 1_795_953_599_000_042)
    try place.store.write { transaction in
      try transaction.attempts.append(
        Attempt(
          id: 0, messageID: id, epoch: 1, relay: "localhost:25", outcome: "accepted", stage: .dot, replyCode: 250,
          enhancedStatus: EnhancedStatus(2, 0, 0), text: "one\ntwo \"é\"\u{1}", renderedAt: nil, armedAt: moment,
          repliedAt: moment + .seconds(1)))
    }
    log(place).catchUp()
    let text = try String(contentsOfFile: place.open.workspace.sendLogPath, encoding: .utf8)
    #expect(text.contains(#""armed_at":"2026-11-29T11:59:59.000042Z","attempt":1,"enhanced_status":"2.0.0""#))
    #expect(text.contains(#""relay":"localhost:25","replied_at":"2026-11-29T12:00:00.000042Z","reply_code":250,"#))
    #expect(text.hasSuffix(#""text":"one\ntwo \"é\"\u0001"}"# + "\n"))
  }

  @Test func `a last line that nobody can have written is told once, with what to do`() throws {
    let place = try TestWorkspace()
    let path = place.open.workspace.sendLogPath
    try attempt(place, 2)
    try FileManager.default.createDirectory(
      atPath: place.open.workspace.outbox.path, withIntermediateDirectories: true)
    try Data("mine\n".utf8).write(to: URL(filePath: path))
    let said = Mutex<[String]>([])
    let noting = NotingLog { line in said.withLock { $0.append(line) } }
    let log = SendLog(path: path, store: place.store, log: Logger(label: "test") { _ in noting })
    for _ in 0..<3 { log.catchUp() }
    #expect(said.withLock { $0.count } == 1)
    #expect(said.withLock { $0.first?.contains("move the file aside, and all of it is written anew") } == true)
    unlink(path)
    log.catchUp()
    #expect(try attemptNumbers(path) == [1, 2])
  }

  /// The file outlives a store that is put back: what is sent from then on must stand in it as well.
  @Test(arguments: [0, 2]) func `a store that forgot its newest attempts does not number others like them`(
    left: Int
  ) throws {
    let before = try TestWorkspace()
    try attempt(before, 5)
    log(before).catchUp()
    let restored = try TestWorkspace()
    try attempt(restored, left)
    try FileManager.default.createDirectory(
      atPath: restored.open.workspace.outbox.path, withIntermediateDirectories: true)
    let path = restored.open.workspace.sendLogPath
    try FileManager.default.copyItem(atPath: before.open.workspace.sendLogPath, toPath: path)
    log(restored).numberOn()
    try attempt(restored, 2)
    log(restored).catchUp()
    #expect(try attemptNumbers(path) == Array(1...7))
    log(restored).numberOn()
    try attempt(restored, 1)
    log(restored).catchUp()
    #expect(try attemptNumbers(path) == Array(1...8))
  }

  @Test func `a number that no store can have given is no place in the log`() throws {
    let place = try TestWorkspace()
    let path = place.open.workspace.sendLogPath
    try FileManager.default.createDirectory(
      atPath: place.open.workspace.outbox.path, withIntermediateDirectories: true)
    try Data("{\"attempt\":\(Int64.max)}\n".utf8).write(to: URL(filePath: path))
    log(place).numberOn()
    try attempt(place, 1)
    #expect(try place.store.read { try $0.mark.progress().attempts } == 1)
  }

  @Test(arguments: [1, 20, 150])
  func `a line torn by a crash is written anew`(cut: Int) throws {
    let place = try TestWorkspace()
    try attempt(place, 3)
    log(place).catchUp()
    let path = place.open.workspace.sendLogPath
    let whole = try Data(contentsOf: URL(filePath: path))
    try whole.dropLast(cut).write(to: URL(filePath: path))
    try attempt(place, 1)
    log(place).catchUp()
    #expect(try attemptNumbers(path) == [1, 2, 3, 4])
  }

  @Test func `only a torn first line is left: everything is written anew`() throws {
    let place = try TestWorkspace()
    try attempt(place, 2)
    let path = place.open.workspace.sendLogPath
    try Data("{\"attempt\":1,\"mess".utf8).write(to: URL(filePath: path))
    log(place).catchUp()
    #expect(try attemptNumbers(path) == [1, 2])
  }

  @Test func `a line says what, to whom, from whom, when, and how it ended`() throws {
    let place = try TestWorkspace()
    try attempt(place, 1)
    log(place).catchUp()
    let data = try Data(contentsOf: URL(filePath: place.open.workspace.sendLogPath))
    let line = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(line["recipient"] as? String == "ok.0@there.invalid")
    #expect(line["account"] as? String == "news@sender.invalid")
    #expect(line["outcome"] as? String == "accepted")
    #expect(line["reply_code"] as? Int == 250)
    #expect(line["enhanced_status"] as? String == "2.0.0")
    #expect(line["text"] as? String == "line one\nline \"two\"")
    #expect((line["replied_at"] as? String)?.hasSuffix("Z") == true)
    #expect((line["message_id"] as? String)?.hasPrefix("<") == true)
  }
}
