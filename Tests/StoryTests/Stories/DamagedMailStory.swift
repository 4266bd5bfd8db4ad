import Foundation
import TestSupport
import Testing

extension Stories {
  /// A mail in a real Dovecot's mailbox whose file cannot be read.
  @Suite(.enabled(if: TestEnvironment.hasServers)) struct DamagedMail {
    private static let reports = "bounces@reports.test"
    private static let password = "a long pass word of the mailbox"

    @Test func `a damaged mail keeps no report behind it from being read, and is told`() throws {
      let dovecot = try DovecotServer(users: [Self.reports: Self.password])
      let workspace = try StoryWorkspace([
        "EMAIL_SMTP_HOST": "localhost", "EMAIL_SMTP_PORT": "\(try TestEnvironment.freePort())",
        "IMAP_HOST": "localhost", "IMAP_PORT": "\(dovecot.imapsPort)", "IMAP_USE_SSL": "true",
        "IMAP_USERNAME": Self.reports, "IMAP_PASSWORD": "'\(Self.password)'",
        "EMAIL_CA_FILE": dovecot.authority.caFile,
      ])
      try workspace.run("bounces-scan")
      let folder = "\(dovecot.mailFolder)/reports.test/bounces/new"
      for number in 0..<40 {
        // Names in the order of arrival, as Maildir has them.
        let file = "\(folder)/\(1_700_000_000 + number).M\(number)P1.test"
        try notice(number).write(toFile: file, atomically: true, encoding: .utf8)
        let mode = number == 17 ? 0 : 0o644
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
      }
      let scan = try workspace.run("bounces-scan")
      #expect(scan.said.contains("39 fetched: 39 bounces"), "\(scan.said)")
      #expect(scan.said.contains("1 mail passed over that the server does not hand out"), "\(scan.said)")
      #expect(try workspace.count("unreadable_mail WHERE uid = 18") == 1)
      #expect(try workspace.count("report") == 39)
      #expect(try workspace.run("status").said.contains("1 mail unreadable, UID 18 since"))
      try workspace.run("bounces-scan")
      #expect(try dovecot.seen(by: Self.reports).count == 39)
      try workspace.expectSound()
    }

    private func notice(_ number: Int) -> String {
      """
      From: MAILER-DAEMON@there.invalid
      To: \(Self.reports)
      Subject: Undelivered Mail Returned to Sender
      Message-ID: <notice-\(number)@there.invalid>
      MIME-Version: 1.0
      Content-Type: multipart/report; report-type=delivery-status; boundary=b

      --b
      Content-Type: text/plain

      Your mail could not be delivered.
      --b
      Content-Type: message/delivery-status

      Reporting-MTA: dns; there.invalid

      Final-Recipient: rfc822; gone\(number)@there.invalid
      Action: failed
      Status: 5.1.1

      --b--

      """
    }
  }
}
