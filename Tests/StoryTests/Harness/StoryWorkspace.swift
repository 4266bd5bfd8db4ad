import Foundation
import GRDB
import Sandbox
import TestSupport
import Testing

/// A workspace that `postroom init` made, and the ways to look at it: the program's own words, and SQL.
final class StoryWorkspace: Sendable {
  /// Beside the test bundle, where SwiftPM puts every product.
  static let binary = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "postroom").path
  static let environment = [
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8",
    "SWIFT_BACKTRACE": "interactive=no",
  ]

  let folder: TemporaryFolder
  let path: String

  /// - Parameters:
  ///   - settings: lines of `.env`.
  ///   - parent: where the workspace goes; a temporary folder when absent.
  init(_ settings: [String: String], in parent: String? = nil) throws {
    folder = try TemporaryFolder()
    path = "\(parent ?? folder.path)/workspace"
    let made = try Program(
      Self.binary, ["init", path], environment: Self.environment.merging(settings) { $1 })
    guard made.wait() == .exited(0) else { throw TestServerError("init: \(made.said)") }
    try configure(settings)
  }

  /// Over a sandbox: its ports, no TLS, a scan every second, quick retries.
  convenience init(
    over sandbox: Sandbox, _ settings: [String: String] = [:], in parent: String? = nil
  ) throws {
    let ports = try sandbox.start()
    let base = [
      "EMAIL_SMTP_HOST": "127.0.0.1", "EMAIL_SMTP_PORT": "\(ports.smtpPort)", "EMAIL_SMTP_TLS": "none",
      "IMAP_HOST": "127.0.0.1", "IMAP_PORT": "\(ports.imapPort)", "IMAP_USE_SSL": "false",
      "IMAP_USERNAME": SandboxLogin.reports.user, "IMAP_PASSWORD": SandboxLogin.reports.password,
      "BOUNCE_ADDRESS": SandboxLogin.reports.user, "SCAN_SECONDS": "1", "WORKERS": "4", "MX_LOOKUP": "false",
    ]
    try self.init(base.merging(settings) { $1 }, in: parent)
  }

  /// Writes `.env` anew with exactly these lines.
  func configure(_ settings: [String: String]) throws {
    let lines = settings.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "\n")
    try (lines + "\n").write(toFile: "\(path)/.env", atomically: false, encoding: .utf8)
    chmod("\(path)/.env", 0o600)
  }

  // MARK: The program

  func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Program {
    try Program(
      Self.binary, ["--workspace", path] + arguments, environment: Self.environment.merging(environment) { $1 })
  }

  /// Runs to the end; anything but `code` is an error with all that was said.
  @discardableResult
  func run(_ arguments: String..., code: Int32 = 0, seconds: Double = 90) throws -> Program {
    try run(arguments, code: code, seconds: seconds)
  }

  @discardableResult
  func run(_ arguments: [String], code: Int32 = 0, seconds: Double = 90) throws -> Program {
    let program = try start(arguments)
    let ending = program.wait(seconds: seconds)
    guard ending == .exited(code) else {
      let end = ending.map { "\($0)" } ?? "still running after \(seconds) s"
      throw TestServerError("postroom \(arguments.joined(separator: " ")): \(end)\n\(program.said)")
    }
    return program
  }

  /// Enqueues mails from files, some hundred a call.
  func enqueue(_ mails: [Mail]) throws {
    let files = try TemporaryFolder()
    for start in stride(from: 0, to: mails.count, by: 500) {
      let names = try mails[start..<min(start + 500, mails.count)].map { try files.write("\($0.id).eml", $0.text) }
      let program = try self.start(["enqueue"] + names)
      guard program.wait() == .exited(0) else { throw TestServerError("enqueue: \(program.said)") }
    }
  }

  struct Status: Decodable {
    struct Stop: Decodable { var state: String }
    var queue: [String: Int]
    var stop: Stop
  }

  func status() throws -> Status {
    let program = try run("status", "--json")
    return try JSONDecoder().decode(Status.self, from: Data(program.output.utf8))
  }

  // MARK: The store

  var storePath: String { "\(path)/postroom.sqlite" }
  var latchPath: String { "\(path)/STOP" }

  /// Reads the store on a connection of its own.
  func sql<Value>(_ body: (Database) throws -> Value) throws -> Value {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    return try DatabaseQueue(path: storePath, configuration: configuration).read(body)
  }

  /// Whether nobody holds the write lock now.
  var isWritable: Bool {
    var configuration = Configuration()
    configuration.busyMode = .immediateError
    let attempt = Result {
      try DatabaseQueue(path: storePath, configuration: configuration).writeWithoutTransaction { db in
        try db.execute(sql: "BEGIN IMMEDIATE; ROLLBACK")
      }
    }
    if case .success = attempt { return true }
    return false
  }

  func count(_ sql: String, _ arguments: StatementArguments = []) throws -> Int {
    try self.sql { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(sql)", arguments: arguments) ?? 0 }
  }

  /// How many messages are in each state, counted row by row; states without messages are absent.
  func states() throws -> [String: Int] {
    try sql { db in
      let rows = try Row.fetchAll(db, sql: "SELECT state, count(*) AS amount FROM message GROUP BY state")
      return Dictionary(uniqueKeysWithValues: rows.map { ($0["state"] as String, $0["amount"] as Int) })
    }
  }

  /// The states for the message of an expectation.
  var summary: String { (try? states()).map { "\($0)" } ?? "the store cannot be read" }

  /// The Message-IDs in some states.
  func messageIDs(in states: String...) throws -> Set<String> {
    try sql { db in
      let marks = states.map { _ in "?" }.joined(separator: ",")
      return try String.fetchSet(
        db, sql: "SELECT message_id FROM message WHERE state IN (\(marks))", arguments: StatementArguments(states))
    }
  }

  /// Waits until the store says so.
  func wait(seconds: Double = 30, until condition: (StoryWorkspace) throws -> Bool) -> Bool {
    TestEnvironment.wait(seconds: seconds) { (try? condition(self)) ?? false }
  }

  /// What must hold at the end of every story: counts agree, nothing is in flight, the audit chain is sound, and the
  /// send log has one line for every attempt.
  func expectSound(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let shown = try status().queue.filter { $0.value != 0 }
    let counted = try states()
    #expect(shown == counted, sourceLocation: sourceLocation)
    #expect(counted["leased"] == nil && counted["armed"] == nil, sourceLocation: sourceLocation)
    let audit = try start(["audit", "verify"])
    #expect(audit.wait() == .exited(0), "\(audit.said)", sourceLocation: sourceLocation)
    let log = FileManager.default.contents(atPath: "\(path)/outbox/send_log.jsonl") ?? Data()
    let attempts = try count("attempt")
    #expect(log.count { $0 == 10 } == attempts, sourceLocation: sourceLocation)
  }
}
