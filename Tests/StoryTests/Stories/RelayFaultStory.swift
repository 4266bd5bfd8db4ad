import Foundation
import GRDB
import Sandbox
import TestSupport
import Testing

extension Stories {
  /// What a relay can do wrong: the state is right, the words are clear, other mail goes on.
  @Suite struct RelayFaults {
    struct Fault: Sendable, CustomTestStringConvertible {
      var behaviour: String
      var state: String
      /// Of the attempt.
      var outcome: String
      /// Part of the words kept with the message.
      var words: String
      var testDescription: String { behaviour }

      init(_ behaviour: String, _ state: String, _ outcome: String, _ words: String) {
        (self.behaviour, self.state, self.outcome, self.words) = (behaviour, state, outcome, words)
      }
    }

    static let faults = [
      Fault("drop-in-data", "queued", "interrupted", "before the final dot"),
      Fault("drop-after-dot", "uncertain", "uncertain", "dot"),
      Fault("garbage-after-dot", "uncertain", "uncertain", "dot"),
      Fault("defer-4.2.2", "queued", "deferred", "4.2.2"),
      Fault("dot-4.3.0", "queued", "deferred", "4.3.0"),
      Fault("reject-5.1.1", "failed", "refused", "5.1.1"),
      Fault("dot-5.7.1", "failed", "refused", "5.7.1"),
      Fault("garbage", "queued", "interrupted", "before the final dot"),
      Fault("endless", "queued", "interrupted", "before the final dot"),
      Fault("hostile", "failed", "refused", "5.7.1"),
    ]

    /// Faults 16, 22.
    @Test func `each trouble at one message leaves the right state and lets the others go`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox, ["WORKERS": "2", "IMAP_HOST": ""])
      let trouble = Self.faults.map { Mail($0.behaviour, to: "\($0.behaviour)@demo.invalid") }
      try workspace.enqueue(trouble + Mail.many(40, named: "fine"))
      let engine = try workspace.run("engine", "--until-idle")
      for fault in Self.faults { try expect(fault, in: workspace) }
      #expect(try workspace.count("message WHERE state = 'sent' AND recipient LIKE 'ok.%'") == 40)
      // What a server says never drives the terminal that reads our log.
      #expect(!engine.said.contains("\u{1B}"))
      try workspace.expectSound()
    }

    private func expect(_ fault: Fault, in workspace: StoryWorkspace) throws {
      let row = try workspace.sql { db in
        try Row.fetchOne(
          db,
          sql: """
            SELECT m.state AS state, m.state_reason AS reason, a.outcome AS outcome FROM message m
            JOIN attempt a ON a.message_id = m.id WHERE m.message_id = ? ORDER BY a.id DESC LIMIT 1
            """, arguments: ["<\(fault.behaviour)@story.invalid>"])
      }
      guard let row else {
        Issue.record("no attempt for \(fault.behaviour)")
        return
      }
      let reason = row["reason"] as String
      #expect(row["state"] == fault.state, "\(fault.behaviour): \(reason)")
      #expect(row["outcome"] == fault.outcome, "\(fault.behaviour): \(reason)")
      #expect(reason.contains(fault.words), "\(fault.behaviour): \(reason)")
    }

    /// Fault 16: the reply to the dot stalls, the engine ends; nobody sends that message again by itself.
    @Test func `a stall after the dot is a doubt that only evidence or a person ends`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox, ["WORKERS": "2", "LEASE_SECONDS": "1", "IMAP_HOST": ""])
      try workspace.enqueue([Mail("stall", to: "stall-after-dot@demo.invalid")] + Mail.many(20, named: "fine"))
      let engine = try workspace.start(["engine"])
      #expect(TestEnvironment.wait { sandbox.record.acceptedCount == 21 }, "\(engine.said)")
      let isRecorded = workspace.wait { try $0.states() == ["sent": 20, "armed": 1] }
      #expect(isRecorded, "\(workspace.summary)")
      engine.signal(SIGTERM)
      // Fault 14: it waits for the reply, within a bound.
      #expect(engine.wait() == .exited(0), "\(engine.said)")
      try workspace.run("engine", "--until-idle")
      try workspace.run("engine", "--until-idle")
      #expect(try workspace.states() == ["sent": 20, "uncertain": 1])
      #expect(sandbox.record.acceptedCount == 21)
      let id = try workspace.sql { try String.fetchOne($0, sql: "SELECT id FROM message WHERE state = 'uncertain'") }
      try workspace.run("do", "uncertain.mark-sent", id ?? "", "--reason", "the relay's log has it", "--yes")
      #expect(try workspace.states() == ["sent": 21])
      try workspace.expectSound()
    }

    // MARK: The relay as a whole

    struct Unusable: Sendable {
      var name: String
      var settings: [String: String]
      /// Part of what must be said.
      var words: String
    }

    /// Exit code 75 (EX_TEMPFAIL): nothing is lost, somebody must look; fault 38: the password appears nowhere.
    @Test func `a relay that cannot be used is named with its cause, and no secret is`() throws {
      let canary = "canary-7d1f-horse-battery"
      let folder = try TemporaryFolder()
      let authority = try TestAuthority(in: folder)
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      sandbox.configure { $0.smtpLogin = SandboxLogin(user: "relay-user", password: "something else") }
      let tlsPort = try TestEnvironment.freePort()
      let tls = try Program(
        "/usr/bin/openssl",
        [
          "s_server", "-www", "-accept", "127.0.0.1:\(tlsPort)", "-cert", authority.certificateFile, "-key",
          authority.keyFile,
        ],
        environment: StoryWorkspace.environment)
      let garbage = Sandbox()
      defer { garbage.stop() }
      garbage.configure { $0.greeting = .garbage }
      let cases = [
        Unusable(name: "password", settings: [:], words: "login failed"),
        Unusable(name: "plain", settings: ["EMAIL_SMTP_TLS": "starttls"], words: "STARTTLS"),
        Unusable(
          name: "certificate", settings: ["EMAIL_SMTP_TLS": "tls", "EMAIL_SMTP_PORT": "\(tlsPort)"],
          words: "no trusted TLS connection"),
        Unusable(
          name: "nobody", settings: ["EMAIL_SMTP_PORT": "\(try TestEnvironment.freePort())"], words: "cannot connect"),
        Unusable(
          name: "garbage", settings: ["EMAIL_SMTP_PORT": "\(try garbage.start().smtpPort)"],
          words: "Check that this port"),
      ]
      let runs = try cases.map { try start($0, sandbox, canary) }
      for (unusable, run) in zip(cases, runs) { try finish(unusable, run, canary) }
      #expect(sandbox.record.acceptedCount == 0)
      #expect(!sandbox.record.log.joined().contains(canary))
      tls.killNow()
    }

    @Test func `an engine that crashes leaves no image with its passwords (fault 38)`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      let engine = try workspace.start(["engine"])
      let limits = "/proc/\(engine.pid)/limits"
      let isForbidden = TestEnvironment.wait {
        let text = String(decoding: FileManager.default.contents(atPath: limits) ?? Data(), as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
        return line?.split(separator: " ").suffix(3) == ["1", "1", "bytes"]
      }
      #expect(isForbidden, "\(engine.said)")
      engine.killNow()
      try workspace.run("status")
    }

    private func start(
      _ unusable: Unusable, _ sandbox: Sandbox, _ canary: String
    ) throws -> (workspace: StoryWorkspace, engine: Program) {
      let login = ["EMAIL_USERNAME": "relay-user", "EMAIL_PASSWORD": canary, "IMAP_HOST": ""]
      let workspace = try StoryWorkspace(over: sandbox, login.merging(unusable.settings) { $1 })
      try workspace.enqueue(Mail.many(3, named: unusable.name))
      return (workspace, try workspace.start(["engine", "--until-idle"]))
    }

    private func finish(
      _ unusable: Unusable, _ run: (workspace: StoryWorkspace, engine: Program), _ canary: String
    ) throws {
      #expect(run.engine.wait() == .exited(75), "\(unusable.name): \(run.engine.said)")
      #expect(run.engine.said.contains(unusable.words), "\(unusable.name): \(run.engine.said)")
      #expect(try run.workspace.states() == ["queued": 3])
      // The retry schedule does not count what was not the message's fault.
      #expect(try run.workspace.count("message WHERE attempt_count > 0") == 0)
      let status = try run.workspace.run("status")
      let check = try run.workspace.start(["check"])
      #expect(check.wait() != .exited(0), "\(check.said)")
      for program in [run.engine, status, check] {
        #expect(!program.said.contains(canary))
        #expect(!program.commandLine.contains(canary))
      }
      for file in files(below: run.workspace.path) where !file.hasSuffix("/.env") {
        let bytes = FileManager.default.contents(atPath: file) ?? Data()
        #expect(bytes.range(of: Data(canary.utf8)) == nil, "the password stands in \(file)")
      }
    }

    private func files(below path: String) -> [String] {
      let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
      return names.map { "\(path)/\($0)" }
    }
  }
}
