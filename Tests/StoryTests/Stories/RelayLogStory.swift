import Foundation
import TestSupport
import Testing

extension Stories {
  /// Doubt settled by the log of a real Postfix, and messages found in it by the queue id of its reply.
  @Suite(.enabled(if: TestEnvironment.hasServers)) struct RelayLogs {
    private final class Scene {
      let dovecot: DovecotServer
      let postfix: PostfixServer
      let proxy: CuttingProxy
      let workspace: StoryWorkspace
      let files: TemporaryFolder

      init() throws {
        let readers = (0..<4).map { "reader\($0)@people.test" }
        dovecot = try DovecotServer(users: Dictionary(uniqueKeysWithValues: readers.map { ($0, "secret word") }))
        postfix = try PostfixServer(dovecot: dovecot, users: readers)
        proxy = try CuttingProxy(target: postfix.port, before: "queued as")
        workspace = try StoryWorkspace(["EMAIL_SMTP_HOST": "127.0.0.1", "EMAIL_SMTP_TLS": "none"])
        files = try TemporaryFolder()
      }

      func relay(_ port: Int) throws {
        try workspace.configure([
          "EMAIL_SMTP_HOST": "127.0.0.1", "EMAIL_SMTP_PORT": "\(port)", "EMAIL_SMTP_TLS": "none", "IMAP_HOST": "",
          "WORKERS": "1",
        ])
      }

      /// The lines of the log that pass, as a file.
      func log(_ name: String, where passes: (String) -> Bool) throws -> String {
        let lines = postfix.log.split(separator: "\n").map(String.init).filter(passes)
        return try files.write(name, lines.joined(separator: "\n") + "\n")
      }
    }

    @Test func `a real log settles what it cites and nothing else`() throws {
      let scene = try Scene()
      let workspace = scene.workspace
      try scene.relay(scene.proxy.port)
      try workspace.enqueue([Mail("cut.0", to: "reader0@people.test"), Mail("cut.1", to: "reader1@people.test")])
      try workspace.run("engine", "--until-idle")
      #expect(try workspace.states() == ["uncertain": 2], "\(workspace.summary)")
      #expect(scene.proxy.count == 2)
      #expect(TestEnvironment.wait { scene.postfix.queueLength == 0 })
      // Lines of the first message alone, by its queue id.
      let tie = try #require(
        scene.postfix.log.split(separator: "\n").first { $0.contains("message-id=<cut.0@story.invalid>") })
      let queueID = try #require(tie.components(separatedBy: ": ").dropFirst().first)
      let file = try scene.log("one.log") { $0.contains(" \(queueID): ") }
      let preview = try workspace.run("relay-log", "import", file, "--preview")
      #expect(preview.output.contains("settles 1 message in doubt"), "\(preview.said)")
      #expect(try workspace.states() == ["uncertain": 2])
      let refused = try workspace.run("relay-log", "import", file, code: 75)
      #expect(refused.errors.contains("--yes"), "\(refused.said)")
      let imported = try workspace.run("relay-log", "import", file, "--yes")
      #expect(imported.output.contains("1 message in doubt settled as sent"), "\(imported.said)")
      #expect(try workspace.messageIDs(in: "sent") == ["<cut.0@story.invalid>"])
      let all = try scene.log("all.log") { _ in true }
      try workspace.run("do", "relay-log.import", "--set", "file=\(all)", "--yes")
      #expect(try workspace.states() == ["sent": 2])
      let sent = try workspace.count("audit WHERE operation = 'relay-log.import'")
      try workspace.run("relay-log", "import", all, "--yes")
      #expect(try workspace.count("audit WHERE operation = 'relay-log.import'") == sent)
      try workspace.expectSound()
    }

    @Test func `without a line with the Message-ID the queue id of the reply ties it`() throws {
      let scene = try Scene()
      let workspace = scene.workspace
      try scene.relay(scene.postfix.port)
      try workspace.enqueue([Mail("whole.0", to: "reader2@people.test"), Mail("whole.1", to: "reader3@people.test")])
      try workspace.run("engine", "--until-idle")
      #expect(try workspace.states() == ["sent": 2])
      #expect(TestEnvironment.wait { scene.postfix.queueLength == 0 })
      #expect(TestEnvironment.wait { scene.postfix.log.components(separatedBy: "status=sent").count == 3 })
      let file = try scene.log("tail.log") { !$0.contains("message-id=") }
      // The log's machine is this one under another name: the relay has to be said.
      let relay = "127.0.0.1:\(scene.postfix.port)"
      let imported = try workspace.run("relay-log", "import", file, "--yes", "--relay", relay, "--json")
      #expect(imported.output.contains("\"sent\":2") || imported.output.contains("\"sent\" : 2"), "\(imported.said)")
      #expect(try workspace.count("message_event WHERE kind = 'relay sent'") == 2)
      let elsewhere = try workspace.run("relay-log", "import", file, "--yes", "--relay", "127.0.0.1:1")
      #expect(elsewhere.output.contains("about messages of ours: none"), "\(elsewhere.said)")
    }
  }
}
