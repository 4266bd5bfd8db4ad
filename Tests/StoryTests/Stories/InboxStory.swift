import Foundation
import Sandbox
import TestSupport
import Testing

extension Stories {
  /// `inbox add` and `inbox test` as the runbook "New Inbox Setup" does them, and where the password is not (fault 38).
  @Suite struct Inboxes {
    private static let canary = "canary pass-4711"

    /// Runs with standard input from a file.
    private func run(_ workspace: StoryWorkspace, input: String, _ arguments: [String]) throws -> Program {
      let file = try workspace.folder.write("input", input)
      let program = try Program(
        "/bin/sh",
        ["-c", "exec \"$@\" < \"$0\"", file, StoryWorkspace.binary, "--workspace", workspace.path] + arguments,
        environment: StoryWorkspace.environment)
      _ = program.wait()
      return program
    }

    @Test func `lines from standard input, tested over a loopback relay and mailbox`() throws {
      var settings = SandboxSettings()
      settings.smtpLogin = .reports
      let sandbox = Sandbox(settings: settings)
      let login = ["EMAIL_USERNAME": SandboxLogin.reports.user, "EMAIL_PASSWORD": SandboxLogin.reports.password]
      let workspace = try StoryWorkspace(over: sandbox, login)
      defer { sandbox.stop() }
      let ports = try #require(sandbox.ports)
      let (user, password) = (SandboxLogin.reports.user, SandboxLogin.reports.password)
      let options = ["inbox", "add", "--smtp-tls", "none", "--imap-tls", "none"]
      let line = "\(user)|\(password)|127.0.0.1|\(ports.smtpPort)|Reports|127.0.0.1|\(ports.imapPort)"
      let wrong = try run(workspace, input: "# two\n\(line)\nx|\(Self.canary)|h|1|N|i|1|2\n\(line)\n", options)
      #expect(wrong.ended() == .exited(65))
      #expect(wrong.said.contains("line 3: 8 fields"))
      #expect(wrong.said.contains("line 4: email: is that of line 2 already"))
      #expect(!wrong.said.contains(Self.canary))
      let empty = try workspace.run("inbox", "list", "--json")
      #expect(empty.output.isEmpty, "no line is taken when one is wrong")
      let added = try run(workspace, input: "\n\(line)\r\n", options)
      #expect(added.ended() == .exited(0), "\(added.said)")
      let tested = try workspace.run("inbox", "test", user)
      #expect(tested.output.contains("both logins work"), "\(tested.said)")
      try expectWrongPasswordIsNamed(workspace, user)
      try expectNoCanary(workspace, user)
    }

    /// Fault 25 in a mailbox that is somebody's own.
    @Test func `an inbox's own mailbox that the server made anew is read on, and nothing counts twice`() throws {
      let owner = SandboxLogin(user: "ann@sender.invalid", password: "rehearsal")
      var settings = SandboxSettings()
      settings.smtpLogin = owner
      settings.imapLogins = [.reports, owner]
      let sandbox = Sandbox(settings: settings)
      let workspace = try StoryWorkspace(
        over: sandbox, ["EMAIL_USERNAME": owner.user, "EMAIL_PASSWORD": owner.password])
      defer { sandbox.stop() }
      let ports = try #require(sandbox.ports)
      let line = "\(owner.user)|\(owner.password)|127.0.0.1|\(ports.smtpPort)|Ann|127.0.0.1|\(ports.imapPort)\n"
      let options = ["inbox", "add", "--smtp-tls", "none", "--imap-tls", "none"]
      #expect(try run(workspace, input: line, options).ended() == .exited(0))
      sandbox.deliver(Array(Mail("private", to: owner.user).text.utf8), to: owner.user)
      try workspace.run("bounces-scan")

      let mails = Mail.many(2, named: "asked", from: owner.user)
      try workspace.enqueue(mails)
      try workspace.run("engine", "--until-idle")
      #expect(try workspace.states() == ["sent": 2])
      sandbox.deliver(answer(to: mails[0]), to: owner.user)
      try workspace.run("bounces-scan")
      #expect(try workspace.count("report WHERE kind = 'reply'") == 1)
      sandbox.rebuildMailbox(of: owner.user)
      sandbox.deliver(answer(to: mails[1]), to: owner.user)
      for _ in 0..<2 { try workspace.run("bounces-scan") }
      #expect(try workspace.count("report WHERE kind = 'reply'") == 2)
      #expect(try workspace.count("report") == 2, "what is private stays so")
      #expect(sandbox.mails(of: owner.user).allSatisfy { $0.flags.isEmpty })
      try workspace.expectSound()
    }

    private func answer(to mail: Mail) -> [UInt8] {
      Array(
        """
        From: \(mail.to)
        To: \(mail.from)
        Subject: Re: \(mail.subject)
        Message-ID: <answer-\(mail.id)@there.invalid>
        In-Reply-To: \(mail.messageID)

        Yes, please.
        """.utf8)
    }

    private func expectWrongPasswordIsNamed(_ workspace: StoryWorkspace, _ user: String) throws {
      let changed = try run(workspace, input: Self.canary + "\n", ["inbox", "password", user, "--reason", "rotated"])
      #expect(changed.ended() == .exited(0), "\(changed.said)")
      let tested = try workspace.run("inbox", "test", user, code: 69)
      #expect(tested.output.contains("FAILED   smtp login"), "\(tested.said)")
      #expect(tested.output.contains("FAILED   imap login"), "\(tested.said)")
      #expect(!tested.said.contains(Self.canary))
    }

    /// Everything that the workspace holds or says, but the one file.
    private func expectNoCanary(_ workspace: StoryWorkspace, _ user: String) throws {
      let commands = [
        ["inbox", "list", "--json"], ["inbox", "show", user, "--json"], ["audit", "--json"], ["status", "--json"],
        ["check", "--offline", "--json"],
      ]
      for command in commands {
        let program = try workspace.start(command)
        _ = program.wait()
        #expect(!program.said.contains(Self.canary), "\(command)")
      }
      var holders: [String] = []
      let names = try #require(FileManager.default.enumerator(atPath: workspace.path))
      for case let name as String in names {
        let content = FileManager.default.contents(atPath: "\(workspace.path)/\(name)") ?? Data()
        if content.firstRange(of: Data(Self.canary.utf8)) != nil { holders.append(name) }
      }
      #expect(holders.count == 1)
      #expect(holders.allSatisfy { $0.hasPrefix("secrets/") }, "\(holders)")
    }
  }
}
