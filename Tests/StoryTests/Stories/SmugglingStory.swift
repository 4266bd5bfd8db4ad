import Foundation
import TestSupport
import Testing

extension Stories {
  /// Fault 18, from the file that is enqueued to the receiver: always exactly one message (CVE-2023-51764, 51765, 51766).
  @Suite struct Smuggling {
    static let ends = [
      "\n.\n", "\r\n.\n", "\n.\r\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\n.\r", "\r\r\n.\r\r\n", "\r\n.\r\n", "\n\n.\n\n",
    ]
    static let second =
      "MAIL FROM:<evil@story.invalid>\r\nRCPT TO:<victim@demo.invalid>\r\nDATA\r\nSubject: evil\r\n\r\nevil"

    @Test(arguments: [false, true]) func `strict and sloppy receivers see one message each`(isSloppy: Bool) throws {
      var mischief = Mischief()
      mischief.isSloppy = isSloppy
      let server = try SMTPMischiefServer(mischief)
      defer { server.stop() }
      let workspace = try StoryWorkspace([
        "EMAIL_SMTP_HOST": "127.0.0.1", "EMAIL_SMTP_PORT": "\(server.port)", "EMAIL_SMTP_TLS": "none", "IMAP_HOST": "",
        "WORKERS": "2",
      ])
      let files = try TemporaryFolder()
      for (number, end) in Self.ends.enumerated() {
        for (kind, body) in ["text\(end)\(Self.second)\(end)", "text\(end)", "\(end)text"].enumerated() {
          let name = "s-\(number)-\(kind)"
          let header = """
            From: news@story.invalid\r\nTo: ok@demo.invalid\r\nSubject: \(name)\r\nMessage-ID: <\(name)@story.invalid>\r
            Date: Sat, 21 Nov 2026 05:00:00 +0000\r\n\r\n
            """
          let file = try files.write("\(name).eml", header + body)
          // Refusing it is as good as cleaning it.
          let ending = try workspace.start(["enqueue", file]).wait()
          #expect(ending == .exited(0) || ending == .exited(65))
        }
      }
      let count = try workspace.count("message")
      #expect(count > 0)
      try workspace.run("engine", "--until-idle")
      let messages = server.record.messages
      #expect(messages.count == count)
      #expect(messages.allSatisfy { $0.recipients == ["<ok@demo.invalid>"] })
      #expect(!messages.contains { $0.mail.contains("evil") })
      #expect(try workspace.states() == ["sent": count])
    }
  }

  /// Fault 21, with the real program: where TLS was asked for and is taken away, no password leaves.
  @Suite struct StrippedTLS {
    private static let canary = "canary-55d1"
    private static let encoded = Data("\0user\0\(canary)".utf8).base64EncodedString()

    @Test func `neither the relay nor the mailbox gets the password`() throws {
      var mischief = Mischief()
      mischief.capabilities = ["PIPELINING", "AUTH PLAIN LOGIN"]
      let relay = try SMTPMischiefServer(mischief)
      defer { relay.stop() }
      let mailbox = try LineServer(greeting: "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n") { line in
        let tag = line.prefix { $0 != " " }
        return line.contains("CAPABILITY") ? "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n\(tag) OK\r\n" : "\(tag) OK in\r\n"
      }
      defer { mailbox.stop() }
      let workspace = try StoryWorkspace([
        "EMAIL_SMTP_HOST": "127.0.0.1", "EMAIL_SMTP_PORT": "\(relay.port)", "EMAIL_SMTP_TLS": "starttls",
        "EMAIL_SMTP_USERNAME": "user", "EMAIL_SMTP_PASSWORD": Self.canary, "IMAP_HOST": "127.0.0.1",
        "IMAP_PORT": "\(mailbox.port)", "IMAP_USE_SSL": "true", "IMAP_USERNAME": "user", "IMAP_PASSWORD": Self.canary,
      ])
      try workspace.enqueue(Mail.many(3, named: "tls"))
      var said = ""
      for words in [["engine", "--until-idle"], ["bounces-scan"], ["check"]] {
        let program = try workspace.start(words)
        #expect(program.wait(seconds: 90) != .exited(0), "\(words): \(program.said)")
        said += program.said
      }
      #expect(try workspace.states() == ["queued": 3])
      #expect(relay.record.connections > 0)
      let heard = relay.record.transcript + mailbox.received.joined(separator: "\n")
      for secret in [Self.canary, Self.encoded, Data(Self.canary.utf8).base64EncodedString()] {
        #expect(!heard.contains(secret) && !said.contains(secret))
      }
      #expect(!heard.contains("AUTH ") && !heard.contains("LOGIN"))
    }
  }
}
