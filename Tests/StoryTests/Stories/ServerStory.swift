import Foundation
import GRDB
import MailFormats
import TestSupport
import Testing

extension Stories {
  /// The whole main job over a real Postfix (STARTTLS, AUTH) and a real Dovecot (IMAP over TLS).
  @Suite(.enabled(if: TestEnvironment.hasServers)) struct RealServers {
    private static let complainer = "outreach@story.invalid"
    private static let reports = "bounces@reports.test"
    private static let password = "a long pass word of the relay"

    private final class Scene {
      let dovecot: DovecotServer
      let postfix: PostfixServer
      let workspace: StoryWorkspace

      init() throws {
        let readers = (0..<10).map { "reader\($0)@people.test" }
        let users = [RealServers.reports] + readers
        dovecot = try DovecotServer(
          users: Dictionary(uniqueKeysWithValues: users.map { ($0, RealServers.password) }))
        postfix = try PostfixServer(dovecot: dovecot, users: users, requiresLogin: true)
        workspace = try StoryWorkspace([
          "EMAIL_SMTP_HOST": "localhost", "EMAIL_SMTP_PORT": "\(postfix.port)", "EMAIL_SMTP_TLS": "starttls",
          "EMAIL_USERNAME": RealServers.reports, "EMAIL_PASSWORD": "'\(RealServers.password)'",
          "EMAIL_CA_FILE": postfix.authority.caFile, "IMAP_HOST": "localhost", "IMAP_PORT": "\(dovecot.imapsPort)",
          "IMAP_USE_SSL": "true", "BOUNCE_ADDRESS": RealServers.reports, "SCAN_SECONDS": "1", "WORKERS": "4",
        ])
      }

      /// Log lines of deliveries to readers with this status.
      func logged(_ status: String) -> Int {
        postfix.log.split(separator: "\n").count { $0.contains("@people.test>,") && $0.contains("status=\(status)") }
      }

      /// Sends what is due and waits until Postfix has dealt with all of it.
      func deliver() throws {
        try workspace.run("engine", "--until-idle")
        #expect(TestEnvironment.wait { postfix.queueLength == 0 }, "\(postfix.log.suffix(2_000))")
        try workspace.run("bounces-scan")
      }
    }

    @Test func `200 messages, real bounces, complaints, a restriction and its lifting`() throws {
      let scene = try Scene()
      try scene.workspace.enqueue(mails())
      try scene.deliver()
      #expect(try scene.workspace.states() == ["sent": 200])
      #expect(scene.logged("sent") == 188)
      #expect(scene.logged("bounced") == 12)
      #expect(scene.postfix.log.contains("sasl_username=\(Self.reports)"))
      try expectBounces(scene)
      try complain(scene)
      try expectRestriction(scene)
      try scene.workspace.expectSound()
    }

    private func mails() -> [Mail] {
      (0..<183).map { Mail("news-\($0)", to: "reader\($0 % 9)@people.test") }
        + (0..<12).map { Mail("gone-\($0)", to: "gone\($0)@people.test") }
        + (0..<5).map { Mail("angry-\($0)", from: Self.complainer, to: "reader9@people.test") }
    }

    private func expectBounces(_ scene: Scene) throws {
      #expect(try scene.workspace.count("bounce WHERE kind = 'bounce'") == 12)
      #expect(
        try scene.workspace.count(
          "bounce WHERE bounce_class = 'hard' AND status = '5.1.1' AND correlation IN ('token', 'messageID')") == 12)
      #expect(try scene.workspace.count("suppression WHERE address LIKE 'gone%'") == 12)
      #expect(try scene.workspace.count("recipient WHERE is_active = 0") == 12)
    }

    /// What the provider of reader9 would send back: feedback reports that quote the headers it received.
    private func complain(_ scene: Scene) throws {
      let folder = "\(scene.dovecot.mailFolder)/people.test/reader9/new"
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names.count == 5)
      let files = try TemporaryFolder()
      for (number, name) in names.enumerated() {
        let mail = FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data()
        let report = try feedback(number: number, on: Array(mail))
        let file = "\(files.path)/\(number).eml"
        try Data(report).write(to: URL(filePath: file))
        try Command.run(
          "/usr/bin/curl", "--silent", "--show-error", "--ssl-reqd", "--cacert", scene.postfix.authority.caFile,
          "--user", "\(Self.reports):\(Self.password)", "--url", "smtp://localhost:\(scene.postfix.port)",
          "--mail-from", "feedback@people.test", "--mail-rcpt", Self.reports, "--upload-file", file)
      }
      #expect(TestEnvironment.wait { scene.postfix.queueLength == 0 })
      try scene.workspace.run("bounces-scan")
    }

    private func feedback(number: Int, on mail: [UInt8]) throws -> [UInt8] {
      let text = String(decoding: mail, as: UTF8.self)
      let end = text.range(of: "\n\n")?.lowerBound ?? text.endIndex
      return try ARFComposer.compose(
        ARFDraft(
          from: Address(parsing: "feedback@people.test"), to: Address(parsing: Self.reports),
          date: MailDate.format(Stories.now),
          messageID: "<complaint-\(number)@people.test>", userAgent: "people.test/1",
          originalRecipients: [Address(parsing: "reader9@people.test")], originalHeader: Array(text[..<end].utf8)))
    }

    private func expectRestriction(_ scene: Scene) throws {
      let workspace = scene.workspace
      #expect(try workspace.count("complaint WHERE correlation IN ('token', 'messageID')") == 5)
      #expect(try workspace.count("account WHERE standing = 'restricted' AND address = ?", [Self.complainer]) == 1)
      try workspace.enqueue((0..<7).map { Mail("late-\($0)", from: Self.complainer, to: "reader\($0)@people.test") })
      #expect(try workspace.states()["held"] == 7)
      try scene.deliver()
      #expect(scene.logged("sent") == 188)
      // Thirty days have not passed: with break-glass one person may lift it all the same.
      try workspace.run(
        "do", "account.lift", Self.complainer, "--reason", "the list was cleaned", "--break-glass", "--yes")
      try scene.deliver()
      #expect(try workspace.states() == ["sent": 207])
      #expect(scene.logged("sent") == 195)
      // Postfix's log and the store tell the same story.
      #expect(
        try workspace.count("attempt WHERE outcome = 'accepted'") == scene.logged("sent") + scene.logged("bounced"))
    }
  }
}
