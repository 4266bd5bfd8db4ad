import Foundation
import MailFormats
import MailModel
import TestSupport
import Testing

@testable import Transport

/// The IMAP engine against a real Dovecot.
@Suite(.enabled(if: TestEnvironment.hasServers), .serialized) struct DovecotTests {
  /// Started once for all tests here; stopped when the process ends.
  private static let shared = Result { try DovecotServer(users: MailServers.users) }

  @Test(arguments: [MailServer.Security.tls, .startTLS, .none])
  func logsIn(security: MailServer.Security) throws {
    let server = try Self.shared.get()
    let connection = IMAPConnection(MailServers.imap(server, security: security))
    try connection.open()
    #expect(try connection.examine("INBOX").uidValidity > 0)
    connection.logout()
    #expect(!connection.isOpen)
  }

  @Test(arguments: [MailServer.Security.tls, .startTLS, .none])
  func `login, mailbox and mails in one breath`(security: MailServer.Security) throws {
    let server = try Self.shared.get()
    let user = "sender@ours.test"
    let helper = try MailServers.open(server, user: user)
    try helper.append(Array("Subject: a\r\n\r\nb\r\n".utf8))
    helper.logout()
    let connection = IMAPConnection(MailServers.imap(server, user: user, security: security))
    let window = FetchWindow(uids: 1...1_000, maximumBytes: 100)
    let next = try #require(try connection.open(selecting: "INBOX", anticipating: window).uidNext)
    #expect(try connection.mails(1...(next - 1), maximumBytes: 100).isEmpty == false)
    connection.logout()
    let failure = #expect(throws: IMAPFailure.self) {
      try connection.open(selecting: "Nowhere", anticipating: window)
    }
    #expect(failure?.kind == .refused(command: "SELECT \"Nowhere\""))
  }

  @Test func fetchesByUIDAndLeavesFlagsAlone() throws {
    let server = try Self.shared.get()
    let connection = try MailServers.open(server)
    defer { connection.logout() }
    // Bounces that look like protocol, so that a parser that looks into literals loses its place.
    let bodies = (0..<500).map { number in
      Array("Subject: \(number)\r\n\r\nA005 OK done\r\nP\(number) BAD no\r\n* BYE {12}\r\n)\r\n{5}\r\n".utf8)
    }
    for body in bodies { try connection.append(body) }
    let status = try connection.examine("INBOX")
    #expect(status.exists == 500)
    let last = try #require(status.uidNext) - 1
    var fetched: [FetchedMail] = []
    for start in stride(from: UInt32(1), through: last, by: 200) {
      fetched += try connection.mails(start...min(last, start + 199), maximumBytes: 100_000)
    }
    #expect(fetched.map(\.raw) == bodies)
    #expect(Set(fetched.map(\.uid)).count == 500)
    #expect(try connection.examine("INBOX") == status)
    #expect(try server.seen(by: "reader@ours.test").isEmpty)

    _ = try connection.open(selecting: "INBOX")
    try connection.addSeenFlag([2, 4, 5])
    let beginnings = try connection.mails(1...last, maximumBytes: 10)
    #expect(beginnings.map(\.raw) == bodies.map { Array($0.prefix(10)) })
    #expect(Set(try server.seen(by: "reader@ours.test")) == Set([1, 3, 4].map { "Subject: \($0)" }))
  }

  @Test func mailsAskedForAlongWithTheOpeningComeAndAreFlaggedOnLeaving() throws {
    let server = try Self.shared.get()
    let connection = try MailServers.open(server, user: "sender@ours.test")
    for number in 1...3 { try connection.append(Array("Subject: \(number)\r\n\r\nb\r\n".utf8)) }
    let next = try #require(try connection.examine("INBOX").uidNext)
    let uids = (next - 3)...(next - 1)
    let window = FetchWindow(uids: uids.lowerBound...(uids.upperBound + 100), maximumBytes: 100)
    #expect(try connection.open(selecting: "INBOX", anticipating: window).uidNext == next)
    let fetched = try connection.mails(uids, maximumBytes: 100).map(\.uid)
    #expect(fetched == Array(uids))
    try connection.leave(flagging: fetched)
    #expect(Set(try server.seen(by: "sender@ours.test")) == Set((1...3).map { "Subject: \($0)" }))
  }

  @Test func theFirstMailSinceADayIsFound() throws {
    let server = try Self.shared.get()
    let connection = try MailServers.open(server)
    defer { connection.logout() }
    try connection.run("CREATE Dated")
    _ = try connection.examine("Dated")
    func first(_ day: String) throws -> UInt32? {
      try connection.firstUID(since: try #require(ISOMoment.read("\(day)T12:00:00Z")))
    }
    #expect(try first("2001-01-01") == nil)
    for date in ["05-Feb-2003", "07-Feb-2003", "01-Mar-2003"] {
      try connection.append(Array("Subject: a\r\n\r\nb\r\n".utf8), to: "Dated", at: "\(date) 12:00:00 +0000")
    }
    #expect(try first("2003-02-01") == 1 && first("2003-02-07") == 2 && first("2003-02-08") == 3)
    #expect(try first("2003-03-02") == nil)
  }

  @Test func missingUIDsAreLeftOut() throws {
    let server = try Self.shared.get()
    let connection = try MailServers.open(server, user: "spare@ours.test")
    defer { connection.logout() }
    try connection.append(Array("Subject: a\r\n\r\nb\r\n".utf8))
    _ = try connection.examine("INBOX")
    #expect(try connection.mails(1...4_000_000_000).map(\.uid) == [1])
    #expect(try connection.mails(100...200).isEmpty)
  }

  @Test func wrongPasswordIsATypedErrorWithoutThePassword() throws {
    let server = try Self.shared.get()
    for security in [MailServer.Security.tls, .startTLS] {
      let settings = MailServers.imap(server, password: "canary-wrong", security: security)
      let failure = #expect(throws: IMAPFailure.self) { try IMAPConnection(settings).open(selecting: "INBOX") }
      #expect(failure?.kind == .connection(.login))
      #expect(failure?.description.contains("canary") == false)
      #expect(failure?.description.contains("IMAP_PASSWORD") == true)
    }
  }

  @Test func missingMailboxIsRefusedAndTheConnectionGoesOn() throws {
    let server = try Self.shared.get()
    let connection = try MailServers.open(server)
    let failure = #expect(throws: IMAPFailure.self) { try connection.examine("Nowhere") }
    #expect(failure?.kind == .refused(command: "EXAMINE \"Nowhere\""))
    #expect(throws: IMAPFailure.self) { try connection.examine("INBOX\r\nX LOGOUT") }
    #expect(try connection.examine("INBOX").uidValidity > 0)
    connection.logout()
  }

  @Test func errorOfTheReaderClosesTheConnection() throws {
    struct Full: Error {}
    let server = try Self.shared.get()
    let connection = try MailServers.open(server, user: "sender@ours.test")
    for _ in 0..<3 { try connection.append(Array("Subject: a\r\n\r\nb\r\n".utf8)) }
    _ = try connection.examine("INBOX")
    var windows: [ClosedRange<UInt32>] = [1...10]
    #expect(throws: Full.self) {
      try connection.fetch(
        maximumBytes: 100,
        FetchSteps(next: { windows.popLast() }, each: { _ in throw Full() }, ended: { _ in [] }, flagged: { _ in }))
    }
    #expect(!connection.isOpen)
    let failure = #expect(throws: IMAPFailure.self) { try connection.examine("INBOX") }
    #expect(failure?.kind == .closed)
  }

  @Test("fault 21: a certificate of an unknown authority, and one that has expired, are refused")
  func refusesCertificates() throws {
    let server = try Self.shared.get()
    let folder = try TemporaryFolder()
    let stranger = try TestAuthority(in: folder, named: "stranger")
    for security in [MailServer.Security.tls, .startTLS] {
      let settings = MailServers.imap(server, security: security, caFile: stranger.caFile)
      let failure = #expect(throws: IMAPFailure.self) { try IMAPConnection(settings).open() }
      #expect(failure?.kind == .connection(.tls))
    }
  }

  @Test func probeShowsTheCertificateAndTheMailbox() throws {
    let server = try Self.shared.get()
    let steps = ConnectionProbe.imap(MailServers.imap(server), mailbox: "INBOX")
    #expect(steps.map(\.name) == [.settings, .tcp, .tls, .login, .mailbox])
    #expect(steps.allSatisfy { $0.verdict == .passed })
    #expect(steps[2].detail.contains("localhost") && steps[2].detail.contains("expires"))
    #expect(!steps.contains { $0.detail.contains("secret-2") })
  }
}
