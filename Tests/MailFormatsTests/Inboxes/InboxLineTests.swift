import MailFormats
import MailModel
import Testing

@Suite struct InboxLineTests {
  @Test func `the runbook's line with all its fields`() throws {
    let line = try InboxLine(
      parsing: "Ann@Example.org|pa ss:w\\ord;#\"' |smtp.example.org|465|Ann from Sales|imap.example.org|993")
    #expect(line.address == "ann@example.org")
    #expect(line.password.reveal() == "pa ss:w\\ord;#\"' ")
    #expect(line.displayName == "Ann from Sales")
    #expect(
      line.smtp == MailServer(host: "smtp.example.org", port: 465, security: .tls, username: "ann@example.org"))
    #expect(
      line.imap == MailServer(host: "imap.example.org", port: 993, security: .tls, username: "ann@example.org"))
  }

  @Test(
    arguments: [
      ("a@b.example|x|h|587|", .startTLS), ("a@b.example|x|h|465|", .tls), ("a@b.example|x|h|25|N", .startTLS),
      ("a@b.example|x|h|2525|N", .startTLS),
    ] as [(String, MailServer.Security)])
  func `five fields are enough, and the port says how it is secured`(
    text: String, security: MailServer.Security
  ) throws {
    let line = try InboxLine(parsing: text)
    #expect(line.imap == nil)
    #expect(line.smtp.security == security)
  }

  @Test func `an option says how it is secured instead, and only loopback may go without`() throws {
    let none = InboxLine.Securities(smtp: MailServer.Security.none, imap: .startTLS)
    let line = try InboxLine(parsing: "a@b.example|x|127.0.0.1|2525|N|::1|993", securities: none)
    #expect(line.smtp.security == .none)
    #expect(line.imap?.security == .startTLS)
    #expect(throws: InboxLineError.unsecured(field: "smtphost")) { () throws in
      _ = try InboxLine(parsing: "a@b.example|x|127.0.0.1.evil.example|2525|N", securities: none)
    }
  }

  static let wrong: [(String, InboxLineError)] = [
    ("", .fieldCount(1)), ("a@b.example", .fieldCount(1)), ("a|b|c|d|e|f", .fieldCount(6)),
    ("a@b.example|canary|pass|h|465|N|i|993", .fieldCount(8)),
    ("a@b.example|canary|h|465|N|ame|i|993", .fieldCount(8)),
    ("no-at|canary|h|465|N", .address(.missingAt)),
    ("a b@c.example|canary|h|465|N", .address(.forbiddenCharacter("a space"))),
    ("a@b.example|canary||465|N", .host(field: "smtphost")), ("a@b.example|canary|h h|465|N", .host(field: "smtphost")),
    ("a@b.example|canary|-oProxy|465|N", .host(field: "smtphost")),
    ("a@b.example|canary|h/../x|465|N", .host(field: "smtphost")),
    ("a@b.example|canary|h|0|N", .port(field: "smtpport")), ("a@b.example|canary|h|65536|N", .port(field: "smtpport")),
    ("a@b.example|canary|h||N", .port(field: "smtpport")), ("a@b.example|canary|h|+25|N", .port(field: "smtpport")),
    ("a@b.example|canary|h|4 65|N", .port(field: "smtpport")),
    ("a@b.example|canary|h|99999999999999999999|N", .port(field: "smtpport")),
    ("a@b.example|canary|h|465|N|i|x", .port(field: "imapport")),
    ("a@b.example|canary|h|465|N||993", .host(field: "imaphost")),
    ("a@b.example|can\u{1B}ary|h|465|N", .control(field: "password")),
    ("a@b.example|canary|h|465|N\u{9B}", .control(field: "displayname")),
    ("a@b.example|canary\r\n|h|465|N", .control(field: "password")),
    ("a@b.example|" + String(repeating: "canary", count: 1_000) + "|h|465|N", .tooLong),
  ]

  @Test(arguments: wrong.indices)
  func `a wrong line says what is wrong and never repeats a field`(index: Int) {
    let (text, expected) = InboxLineTests.wrong[index]
    do throws(InboxLineError) {
      _ = try InboxLine(parsing: text)
      Issue.record("taken: \(index)")
    } catch {
      #expect(error == expected)
      #expect(!error.description.contains("canary"), "fault 38")
    }
  }

  @Test func `a line shows no password when it is printed or dumped`() throws {
    let line = try InboxLine(parsing: "a@b.example|canary-4711|h|465|N")
    var dumped = ""
    dump(line, to: &dumped)
    for text in ["\(line)", String(reflecting: line), dumped] { #expect(!text.contains("canary-4711"), "fault 38") }
  }
}
