import Foundation
import MailModel
import Sandbox
import TestSupport
import Testing

extension Stories {
  /// What commands answer is never an empty table because of a word they did not understand.
  @Suite struct Commands {
    private let sandbox = Sandbox()

    @Test func `filters mean what they mean in the console, and nothing else passes for an answer`() throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      try workspace.enqueue(Mail.many(3, named: "first"))
      try workspace.run("do", "queue.hold", "2", "--reason", "wrong price")
      let held = try workspace.run("queue", "--filter", "state:held").output
      #expect(held.contains("ok.1@demo.invalid") && !held.contains("ok.0@demo.invalid"), "\(held)")
      let accounts = try workspace.run("accounts", "--filter", "standing:flagged").output
      #expect(!accounts.contains("news@story.invalid"), "\(accounts)")
      let near = try workspace.run("queue", "--filter", "stat:held").said
      #expect(near.contains("'stat:held' is no word of this table and was searched for as text"), "\(near)")
      for filter in ["state:helt", "state:", "standing:flagged", "actor:ana"] {
        let said = try workspace.run("queue", "--filter", filter, code: 64).said
        #expect(said.contains("--filter"), "\(said)")
      }
    }

    @Test func `bounces and complaints say when and whose mail, and are found by it`() throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      let folder = try TemporaryFolder()
      for (name, sender) in [("bounce-5.1.1", "news"), ("bounce-5.1.2", "shop"), ("complain", "news")] {
        let text = "From: <\(sender)@story.invalid>\nTo: <\(name)@demo.invalid>\nSubject: \(name)\n\nhi\n"
        try workspace.run("enqueue", try folder.write("\(name).eml", text))
      }
      try workspace.run("engine", "--until-idle")
      // Reports come a while after the mail.
      #expect(
        workspace.wait { workspace in
          try workspace.run("bounces-scan")
          return try ["bounces", "complaints"].map {
            try workspace.run($0).output.split(separator: "\n").count
          } == [3, 2]
        })
      let all = try workspace.run("bounces").output
      #expect(all.hasPrefix("id  when ") && all.contains("shop@story.invalid"), "\(all)")
      let news = try workspace.run("bounces", "--filter", "account:news@story.invalid").output
      #expect(news.contains("bounce-5.1.1@") && !news.contains("bounce-5.1.2@"), "\(news)")
      let code = try workspace.run("bounces", "--filter", "code:5.1.2 destination:demo.invalid").output
      #expect(code.contains("bounce-5.1.2@") && !code.contains("bounce-5.1.1@"), "\(code)")
      let complaints = try workspace.run("complaints", "--filter", "account:news@story.invalid").output
      #expect(complaints.hasPrefix("id  when ") && complaints.contains("complain@demo.invalid"), "\(complaints)")
      #expect(!(try workspace.run("complaints", "--filter", "account:shop@story.invalid").output.contains("complain@")))
    }

    @Test func `sendmail takes a message from a program, by its own name or as a subcommand`() throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      let place = try TemporaryFolder()
      let link = "\(place.path)/sendmail"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: StoryWorkspace.binary)
      let mail = "printf 'From: news@story.invalid\\nTo: ok.1@demo.invalid\\nSubject: x\\n\\nhi\\n'"
      for command in ["\(link) -t -i", "\(StoryWorkspace.binary) sendmail -t", "\(link) ok.2@demo.invalid"] {
        let environment = StoryWorkspace.environment.merging(["POSTROOM_WORKSPACE": workspace.path]) { $1 }
        let program = try Program("/bin/sh", ["-c", "\(mail) | \(command)"], environment: environment)
        #expect(program.wait() == .exited(0) && program.said.isEmpty, "\(command): \(program.said)")
      }
      #expect(try workspace.states() == ["queued": 3])
      let anonymous = "printf 'To: ok.3@demo.invalid\\nSubject: x\\n\\nhi\\n'"
      let line =
        "\(anonymous) | \(StoryWorkspace.binary) --workspace \(workspace.path) sendmail -t -f '<>' -F 'Night Job'"
      let program = try Program("/bin/sh", ["-c", line], environment: StoryWorkspace.environment)
      #expect(program.wait() == .exited(0) && program.said.isEmpty, "\(program.said)")
      let queued = try workspace.run("queue", "--filter", "ok.3@", "--json").output
      #expect(queued.contains(#""envelopeSender":"""#), "\(queued)")
    }

    @Test func `what send-daily refuses is named, and is no success`() throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      let folder = try TemporaryFolder()
      let account = "news@story.invalid"
      let good = try folder.write("good.csv", "email,name,account\nok.1@demo.invalid,Ann,\(account)\n")
      try workspace.run("send-daily", "--roster", good)
      let file = try workspace.run("send-daily", "--roster", good)
      #expect(file.said.contains("the roster has no column 'feed_url': {{feed_url}}"), "\(file.said)")
      let env = URL(filePath: "\(workspace.path)/.env")
      let settings = try String(contentsOf: env, encoding: .utf8)
      try Data((settings + "\nTEMPLATE_PATH=data/autumn.mustache\n").utf8).write(to: env)
      let gone = try workspace.run("send-daily", "--roster", good, "--live", "--yes", code: 78).said
      #expect(gone.contains("data/autumn.mustache: cannot be read"), "\(gone)")
      try Data(settings.utf8).write(to: env)
      let bad = try folder.write("bad.csv", "email,name,account\nok.1@demo.invalid,Ann,\(account)\nbad address,Bob,\n")
      let said = try workspace.run("send-daily", "--roster", bad, "--live", "--yes", code: 65).said
      #expect(said.contains("line 3: 'bad address' is no address") && said.contains("1 of 1 queued"), "\(said)")
    }

    @Test func `a mistake in the bounce rules keeps nobody from sending, and the scan says where it is`() throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      try FileManager.default.createDirectory(atPath: "\(workspace.path)/data", withIntermediateDirectories: true)
      try Data("[late]\nreason = nonsense\n".utf8).write(
        to: URL(filePath: "\(workspace.path)/data/bounce-rules.conf"))
      try workspace.enqueue(Mail.many(2, named: "sent"))
      try workspace.run("engine", "--until-idle")
      #expect(try workspace.states() == ["sent": 2])
      let said = try workspace.run("bounces-scan", code: 78).said
      #expect(said.contains("data/bounce-rules.conf, line 2"), "\(said)")
    }

    @Test func `exit statuses are those of the contract, each with what, where and what to do`() throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      let none = "\(workspace.path)/none"
      let calls: [([String], Int32, String)] = [
        (["suppressions", "import", none, "--reason", "x", "--yes"], 74, "cannot be read: No such file"),
        (["events", "import", none, "--yes"], 74, "cannot be read: No such file"),
        (["relay-log", "import", none, "--yes"], 74, "cannot be read: No such file"),
        (["send-daily", "--roster", none], 74, "cannot be read: No such file"),
        (["keys", "check", none], 74, none), (["enqueue", none], 74, "\(none): No such file"),
        (["enqueue", none, "\(none).eml"], 74, "\(none).eml: No such file"),
        (["enqueue", none, "\(workspace.path)/.env"], 65, "\(none): No such file"),
        (["audit", "verify", "--witness", "3:zz"], 64, "COUNT:HASH"),
        (["queue", "--limit=-1"], 64, "--limit"), (["do", "queue.hold", "x", "--yes"], 64, "a row's number"),
        (["do", "run.limit", "--set", "most=1", "--set", "mots=2", "--yes"], 64, "no argument 'mots'"),
        (["reset", "--reason", "x"], 75, "nothing was done: the emergency stop is not latched"),
        (["statsu"], 64, "there is no command 'statsu'; did you mean 'status'?"),
        (["frobnicate"], 64, "there is no command 'frobnicate'; 'postroom --help' lists them"),
        (["queue", "show", "\u{1B}]0;x\u{7}"], 64, "The value '␛]0;x␇' is invalid"),
        (["queue", "shwo", "3"], 64, "'queue' has no command 'shwo'; did you mean 'show'?"),
        (["queue.hold", "3"], 64, "do it with: postroom do queue.hold"),
        (["do", "case.note", "1"], 64, "case.note needs --set text=…"),
        (["enqueue", "x.eml", "--to", "a@x.org, b@x.org"], 65, "--to: 'a@x.org, b@x.org' is no address"),
      ]
      for (arguments, status, words) in calls {
        let said = try workspace.run(arguments, code: status).said
        #expect(said.contains(words) && !said.contains("Usage: postroom <subcommand>"), "\(arguments): \(said)")
      }
    }

    @Test func `case steps go by the account's address, and a line of a note passes for no entry`() throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      try workspace.enqueue(Mail.many(1, named: "first"))
      let account = "news@story.invalid"
      try workspace.run("do", "case.open", account, "--reason", "a call")
      try workspace.run("do", "case.tick-step", "\(account)/complaints")
      let said = try workspace.run("do", "case.tick-step", "\(account)/nope", code: 64).said
      #expect(said.contains("'\(account)/nope' is not a step of a case, as CASE/STEP or ADDRESS/STEP"), "\(said)")
      try workspace.run("do", "case.note", account, "--set", "text=seen\n2026-01-01 00:00:00  ana  lifted")
      let shown = try workspace.run("case", "show", account).output
      #expect(shown.contains("[x] complaints") && shown.contains("seen\n      | 2026-01-01 00:00:00  ana"), "\(shown)")
      let json = try workspace.run("case", "show", account, "--json").output
      #expect(json.contains(#""caseState":"open""#) && json.contains(#""id":"complaints""#), "\(json)")
    }

    @Test func `status tells a second person that somebody waits`() throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      try workspace.enqueue(Mail.many(1, named: "first"))
      try workspace.run("do", "account.restrict", "news@story.invalid", "--reason", "bought list", "--yes")
      #expect(!(try workspace.run("status").output.contains("approvals")))
      try workspace.run("do", "account.lift", "news@story.invalid", "--reason", "spoke to them", "--yes", code: 75)
      let said = try workspace.run("do", "account.lift", "1", "--reason", "again", "--yes", code: 75).said
      #expect(said.contains("approval 1 asks for it already"), "\(said)")
      #expect(try workspace.run("status").output.contains("approvals       1 for a second person to decide"))
    }

    @Test func `the audit log answers on the command line as the console does`() throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      try workspace.enqueue(Mail.many(1, named: "first"))
      try workspace.run("do", "account.restrict", "news@story.invalid", "--reason", "bought list", "--yes")
      let list = try workspace.run("audit", "--filter", "operation:account.restrict").output
      #expect(list.contains("news@story.invalid restricted") && !list.contains("message.enqueue"), "\(list)")
      let id = list.split(separator: "\n").last?.prefix { $0.isNumber } ?? ""
      let shown = try workspace.run("audit", "show", String(id)).output
      for words in ["reason       bought list", "before       good", "after        restricted", "hash "] {
        #expect(shown.contains(words), "\(shown)")
      }
      let none = try workspace.run("audit", "--filter", "operation:account.lift").errors
      #expect(none == "nothing fits the filter 'operation:account.lift'\n")
      #expect(try workspace.run("audit", "show", "999", code: 64).said.contains("is not an event of the audit log"))
      #expect(try workspace.run("audit", "--filter", "state:held", code: 64).said.contains("'state' means nothing"))
    }

    @Test func `the checklist is worked without a screen`() throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      #expect(try workspace.run("checklist").output.contains("begin it with: postroom do checklist.start"))
      try workspace.run("do", "checklist.start")
      let list = try workspace.run("checklist").output
      #expect(list.contains("1/emergency-stop") && list.contains("sending allowed since"), "\(list)")
      #expect(try workspace.run("do", "checklist.tick", "1/alerts").output == "'Review overnight alerts' ticked\n")
      try workspace.run("do", "checklist.note", "1/alerts", "--set", "text=none stands")
      let records = try workspace.run("checklist", "--json").output.split(separator: "\n")
      let alerts = records.first { $0.contains(#""step":"1/alerts""#) } ?? ""
      #expect(alerts.contains(#""note":"none stands""#) && alerts.contains(#""tickedBy""#), "\(alerts)")
      let said = try workspace.run("do", "checklist.tick", "alerts", code: 64).said
      #expect(said.contains("as RUN/STEP; 'postroom checklist' lists them"), "\(said)")
    }

    @Test func `a stop that only the latch file knows of is told as such`() throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      #expect(FileManager.default.createFile(atPath: workspace.latchPath, contents: nil))
      for command in [["status"], ["check", "--offline"]] {
        let said = try workspace.run(command, code: 0).output
        #expect(said.contains("stopped: the latch file \(workspace.latchPath) is there"), "\(said)")
        #expect(!said.contains("new workspace"))
      }
      #expect(try workspace.run("status").output.contains("CRITICAL: Emergency stop latched"))
    }

    @Test func `a stop that stops nothing says so`() throws {
      let folder = try TemporaryFolder()
      let program = try Program(
        StoryWorkspace.binary, ["--workspace", "\(folder.path)/none", "stop"], environment: StoryWorkspace.environment)
      #expect(program.wait() == .exited(74))
      #expect(program.errors.contains("NOT STOPPED") && !program.errors.contains("stops every engine"))
    }

    @Test func `a stop where no engine looks says that nothing is stopped`() throws {
      let folder = try TemporaryFolder()
      let program = try Program(
        StoryWorkspace.binary, ["--workspace", folder.path, "stop"], environment: StoryWorkspace.environment)
      #expect(program.wait() == .exited(78))
      #expect(program.errors.contains("NOT STOPPED: there is no \(folder.path)/postroom.sqlite"), "\(program.said)")
      #expect(!program.output.contains("stopped"))
    }

    @Test(arguments: ["export STATE_DIR=state", "STATE_DIR='state' # here", "STATE_DIR=old\nSTATE_DIR=state"])
    func `a stop finds the state folder in a configuration that is wrong elsewhere`(lines: String) throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      let state = "\(workspace.path)/state"
      try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: false)
      for name in try FileManager.default.contentsOfDirectory(atPath: workspace.path)
      where name.hasPrefix("postroom.sqlite") {
        try FileManager.default.moveItem(atPath: "\(workspace.path)/\(name)", toPath: "\(state)/\(name)")
      }
      try Data("WORKERS=often\nno key\n\(lines)\n".utf8).write(to: URL(filePath: "\(workspace.path)/.env"))
      let said = try workspace.run("stop", "--reason", "drill").said
      #expect(said.contains("stopped: \(state)/STOP is there"), "\(said)")
    }

    @Test func `what was printed to a full disk ends with 74`() throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      try workspace.enqueue(Mail.many(1, named: "one"))
      for command in ["audit export", "queue --json", "status"] {
        let program = try Program(
          "/bin/sh", ["-c", "exec \(StoryWorkspace.binary) --workspace \(workspace.path) \(command) >/dev/full"],
          environment: StoryWorkspace.environment)
        #expect(program.wait() == .exited(74), "\(command)")
        #expect(program.errors.contains("No space left on device"), "\(program.errors)")
      }
    }

    @Test func `a stop with a broken configuration latches, and says what is broken`() throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      try Data("SCAN_SECONDS=often\n".utf8).write(to: URL(filePath: "\(workspace.path)/.env"))
      let said = try workspace.run("stop", "--reason", "drill").said
      #expect(said.contains("\(workspace.latchPath) is there"), "\(said)")
      #expect(said.contains("the permit row was not written (") && said.contains(".env"), "\(said)")
    }

    @Test func `a mailbox that refuses keeps no other from being read, is told once, and stays in the status`() throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      let port = try sandbox.start().imapPort
      let second = [
        "HOST": "127.0.0.1", "PORT": "\(port)", "USE_SSL": "false", "USERNAME": "reports@postroom.invalid",
        "PASSWORD": "wrong",
      ].map { "REPORT_MAILBOX_2_\($0.key)=\($0.value)\n" }.joined()
      let file = try String(contentsOfFile: "\(workspace.path)/.env", encoding: .utf8)
      try (file + second + "REPORT_MAILBOX_2_FOLDER=Second\n").write(
        toFile: "\(workspace.path)/.env", atomically: false, encoding: .utf8)
      let scan = try workspace.run("bounces-scan", code: 69)
      #expect(scan.output.hasPrefix("0 fetched: "), "\(scan.said)")
      #expect(scan.errors.components(separatedBy: "/Second: ").count == 2, "\(scan.errors)")
      #expect(scan.errors.components(separatedBy: "login").count == 2, "\(scan.errors)")
      let record = try workspace.run("bounces-scan", "--json", code: 69).output
      #expect(record.contains("\"failed\":[\"") && record.contains("Second\"]"), "\(record)")
      let trial = try workspace.run("bounces-scan", "--fetch-only", code: 69)
      #expect(trial.output.contains("/INBOX: 0 mails") && trial.errors.contains("/Second: "), "\(trial.said)")
      let status = try workspace.run("status").output
      #expect(status.contains("/INBOX scanned ") && status.contains("/Second scan at "), "\(status)")
      let mail = try workspace.folder.write("mail.eml", Mail("refused", to: "ok@demo.invalid").text)
      for words in [["bounces-scan"], ["engine"], ["enqueue", mail], ["sendmail", "ok@demo.invalid"]] {
        let refused = try workspace.run(["--read-only"] + words, code: 77).said
        #expect(refused.contains("started with --read-only") && !refused.contains("role"), "\(refused)")
      }
    }

    @Test func `a scan on a terminal shows a bar that fits it, and one that fails answers a script too`() throws {
      let sandbox = Sandbox()
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      try workspace.enqueue(Mail.many(20, "bounce-5.1.1", named: "gone"))
      try workspace.run("engine", "--until-idle")
      #expect(TestEnvironment.wait { sandbox.record.reportsUnderway == 0 && sandbox.mails().count == 20 })
      let command = "stty cols 40; '\(StoryWorkspace.binary)' bounces-scan --workspace '\(workspace.path)'"
      let terminal = try Program(
        "/usr/bin/script", ["-qec", command, "/dev/null"], environment: StoryWorkspace.environment)
      #expect(terminal.wait(seconds: 60) == .exited(0), "\(terminal.said)")
      let steps = terminal.output.unicodeScalars.split(separator: "\r").map(String.init).filter { $0.hasPrefix("[") }
      #expect(steps.last?.hasPrefix("[####################] 20 new, 1") == true, "\(terminal.said)")
      #expect(steps.allSatisfy { $0.count < 40 }, "\(steps)")
      #expect(terminal.output.contains("20 fetched: 20 bounces"))
      sandbox.stop()
      let failed = try workspace.run("bounces-scan", "--json", code: 69).output
      #expect(failed.contains("\"failed\":[\"") && failed.contains("\"takenOfFailed\":0"), "\(failed)")
    }

    @Test func `status says since when sending is stopped, by whom, and what was accepted last`() throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      #expect(try !workspace.run("status").output.contains("  since "))
      try workspace.run("stop", "--reason", "drill")
      let stopped = try workspace.run("status").output
      #expect(stopped.contains("sending         stopped: drill\n  since "), "\(stopped)")
      #expect(stopped.contains("; 0 armed then; nothing accepted yet\n"), "\(stopped)")
    }

    @Test func `on a terminal a command says what it reads, and that an answer was not the word`() throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      let terminal = try TerminalSession(columns: 100, environment: ["POSTROOM_WORKSPACE": workspace.path])
      let program = StoryWorkspace.binary
      try terminal.line("\(program) enqueue -")
      #expect(terminal.waitFor("reading a mail from the terminal; C-d"), "\(terminal.screen)")
      try terminal.press("C-c")
      try terminal.line("\(program) classify")
      #expect(terminal.waitFor("reading the paths of mails, one a line, from"), "\(terminal.screen)")
      try terminal.press("C-d")
      let pause = "\(program) do pause.add --reason x --set scope=campaign:autumn"
      try terminal.line(pause)
      #expect(terminal.waitFor("type yes to go on:"), "\(terminal.screen)")
      try terminal.line("y")
      #expect(terminal.waitFor("nothing was done: that was not 'yes'"), "\(terminal.screen)")
      try terminal.line("clear; \(pause)")
      #expect(terminal.waitFor("type yes to go on:"), "\(terminal.screen)")
      try terminal.press("C-d")
      #expect(terminal.waitFor("\npostroom: nothing was done: that was not 'yes'"), "\(terminal.screen)")
      let script = try workspace.run("do", "pause.add", "--set", "scope=campaign:autumn", "--reason", "x", code: 75)
        .said
      #expect(script.contains("needs 'yes' typed on a terminal, or --yes"), "\(script)")
    }

    @Test func `a relay that fails stands among what holds mail back`() throws {
      let workspace = try StoryWorkspace(over: sandbox)
      try workspace.enqueue(Mail.many(1, named: "first"))
      #expect(try !workspace.run("limits").said.contains("relay "))
      sandbox.stop()
      try workspace.run("engine", "--until-idle", code: 75)
      let said = try workspace.run("limits").said
      #expect(said.contains("relay 127.0.0.1:") && said.contains("cannot connect"), "\(said)")
    }

    @Test func `options of every command may stand before it`() throws {
      defer { sandbox.stop() }
      let workspace = try StoryWorkspace(over: sandbox)
      try workspace.enqueue(Mail.many(1, named: "first"))
      let refused = try Program(
        StoryWorkspace.binary,
        ["--read-only", "--workspace", workspace.path, "do", "queue.hold", "1", "--reason", "x"],
        environment: StoryWorkspace.environment)
      #expect(refused.wait() == .exited(77) && refused.said.contains("--read-only"), "\(refused.said)")
      #expect(try workspace.states() == ["queued": 1])
    }
  }
}
