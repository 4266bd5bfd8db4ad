import Engine
import Foundation
import MailModel
import MailPolicy
import Testing

/// `.env` and environment into a typed configuration; errors that say where, and never show a secret.
@Suite struct ConfigurationTests {
  private static let canary = "canary-9d41"

  /// Reads a workspace whose `.env` is `text`.
  private func read(_ text: String, environment: [String: String] = [:], mode: Int = 0o600) throws -> Workspace {
    let folder = FileManager.default.temporaryDirectory.appending(path: "postroom-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: ".env").path
    #expect(
      FileManager.default.createFile(
        atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: mode]))
    return try Workspace(folder: folder, environment: environment)
  }

  private func refusal(_ text: String, environment: [String: String] = [:], mode: Int = 0o600) -> ConfigurationError? {
    do {
      _ = try read(text, environment: environment, mode: mode)
      return nil
    } catch { return error as? ConfigurationError }
  }

  @Test func `every key and both spellings`() throws {
    let long = try read(
      """
      EMAIL_SMTP_HOST=relay.example.org
      EMAIL_SMTP_PORT=465
      EMAIL_SMTP_TLS=TLS
      EMAIL_USERNAME=joe
      EMAIL_PASSWORD='\(ConfigurationTests.canary)'
      IMAP_HOST=mail.example.org
      WORKERS=8
      LEASE_SECONDS=30
      COMPLAINTS_TO_FLAG=2
      """
    ).configuration
    let short = try read(
      """
      SMTP_HOST=relay.example.org
      SMTP_PORT=465
      SMTP_TLS=tls
      SMTP_USERNAME=joe
      SMTP_PASSWORD=\(ConfigurationTests.canary)
      EMAIL_IMAP_HOST=mail.example.org
      WORKERS=8
      LEASE_SECONDS=30
      COMPLAINTS_TO_FLAG=2
      """
    ).configuration
    #expect(long == short)
    #expect(long.relay.port == 465 && long.relay.security == .tls && long.workers == 8)
    #expect(long.relay.password.reveal() == ConfigurationTests.canary)
    #expect(long.mailbox?.username == "joe" && long.mailbox?.security == .tls && long.mailbox?.port == 993)
    #expect(long.mailbox?.name == "joe@mail.example.org/INBOX")
    #expect(long.lease == .seconds(30) && long.restriction.complaintsToFlag == 2)
  }

  @Test func `limits of alerts, in percent where they are shares`() throws {
    let alerts = try read(
      """
      EMAIL_SMTP_HOST=relay.example.org
      ALERT_BOUNCE_RATE=4, 8
      ALERT_COMPLAINT_RATE=0.1,0.2
      ALERT_BACKLOG=20000, 50000
      ALERT_BLOCK_BOUNCES=2, 2
      ALERT_SMALLEST_SAMPLE=500
      """
    ).configuration.alerts
    #expect(alerts.bounceRate == Threshold(warning: 0.04, critical: 0.08))
    #expect(alerts.complaintRate == Threshold(warning: 0.001, critical: 0.002))
    #expect(alerts.backlog == Threshold(warning: 20_000, critical: 50_000))
    #expect(alerts.blocked == Threshold(warning: 2, critical: 2) && alerts.smallestSample == 500)
    #expect(try read("EMAIL_SMTP_HOST=relay.example.org").configuration.alerts == AlertThresholds())
  }

  @Test func `the environment overrides the file, in either spelling`() throws {
    let text = "EMAIL_SMTP_HOST=a.example\nWORKERS=3\n"
    let workspace = try read(text, environment: ["SMTP_HOST": "b.example", "WORKERS": "5", "PATH": "/bin"])
    #expect(workspace.configuration.relay.host == "b.example")
    #expect(workspace.configuration.workers == 5)
    let wrong = refusal(text, environment: ["WORKERS": "many"])
    #expect(wrong?.place.file == "environment variable WORKERS")
  }

  @Test(arguments: [0o644, 0o640, 0o604, 0o660, 0o601])
  func `fault 38: a file that others can read is refused`(mode: Int) {
    let error = refusal("EMAIL_SMTP_HOST=a.example\nEMAIL_PASSWORD=\(ConfigurationTests.canary)\n", mode: mode)
    #expect(error?.expected.contains("chmod 600") == true)
    #expect(error.map { "\($0)".contains("canary") } == false)
  }

  @Test func `a missing key says which file and what was expected`() throws {
    let error = try #require(refusal("WORKERS=2\n"))
    #expect(error.problem == "EMAIL_SMTP_HOST is missing")
    #expect(error.place.file.hasSuffix("/.env") && error.place.line == nil)
    #expect(error.expected.contains("relay"))
  }

  @Test(arguments: [
    ("WORKERS=0", "WORKERS", "from 1 to 256"), ("WORKERS=many", "WORKERS", "whole number"),
    ("WORKERS=99999999999999999999", "WORKERS", "whole number"), ("EMAIL_SMTP_PORT=70000", "EMAIL_SMTP_PORT", "65535"),
    ("EMAIL_SMTP_TLS=maybe", "EMAIL_SMTP_TLS", "starttls, tls, none"), ("LOG_LEVEL=LOUD", "LOG_LEVEL", "DEBUG"),
    ("EMAIL_SMTP_TLS=none", "none", "loopback"), ("IMAP_HOST=b.example\nIMAP_USE_SSL=false", "false", "loopback"),
    ("EMAIL_USERNAME=joe", "no password", "EMAIL_PASSWORD"),
    ("COMPLAINTS_TO_FLAG=9", "COMPLAINTS_TO_RESTRICT: smaller than COMPLAINTS_TO_FLAG", "at least 9"),
    ("RETRY_LONGEST_SECONDS=60", "RETRY_LONGEST_SECONDS: smaller than RETRY_FIRST_SECONDS", "at least 300"),
    ("WARMUP_SCHEDULE=5;10", "WARMUP_SCHEDULE: has a wrong value", "with commas"),
    ("WORKERS = 3", "a space before '='", "KEY=value"),
    ("ALERT_BACKLOG=500", "ALERT_BACKLOG has a wrong value", "two numbers from 0 to 10000000, warning and critical"),
    ("ALERT_BACKLOG=500, 100", "wrong value", "the second not smaller"), ("ALERT_BOUNCE_RATE=3 %, 5 %", "wrong", "two"),
    ("ALERT_BOUNCE_RATE=3, 101", "wrong value", "from 0 to 100"), ("ALERT_BACKLOG=1, 2, 3", "wrong", "two numbers"),
    ("ALERT_BACKLOG=nan, inf", "wrong", "two numbers"), ("ALERT_BACKLOG=-1, 5", "wrong", "two numbers"),
    ("TIME_ZONE=Mars", "TIME_ZONE: no such time zone", "Europe/Berlin"),
    ("BOUNCE_ADDRESS=bounces", "BOUNCE_ADDRESS", "an address"),
    ("BOUNCE_ADDRESS=Us <bounces@a.example>", "BOUNCE_ADDRESS", "an address"),
    ("BOUNCE_ADDRESS=\(String(repeating: "b", count: 32))@a.example", "no room for a token", "31 characters"),
    ("FROM_ADDRESS=news", "FROM_ADDRESS", "an address"), ("NOTICE_FROM=desk", "NOTICE_FROM", "with a name or without"),
    ("NOTICE_FROM=a@b.example, c@d.example", "NOTICE_FROM", "with a name or without"),
    ("EMAIL_PASSWORD=\"canary\\n9d41\"", "EMAIL_PASSWORD", "a secret"),
  ])
  func `a wrong value names key and expectation`(line: String, problem: String, expected: String) throws {
    let error = try #require(refusal("EMAIL_SMTP_HOST=a.example\n\(line)\n"))
    #expect(error.problem.contains(problem))
    #expect(error.expected.contains(expected))
    #expect(!"\(error)".contains("canary"))
  }

  @Test(arguments: [
    "NOTICE_FROM=The desk <desk@a.example>", "NOTICE_FROM=desk@a.example", "FROM_ADDRESS=news@a.example",
    "FROM_ADDRESS=",
    "BOUNCE_ADDRESS=\(String(repeating: "b", count: 31))@a.example",
  ])
  func `an address is taken`(line: String) {
    #expect(refusal("EMAIL_SMTP_HOST=a.example\n\(line)\n") == nil)
  }

  @Test(arguments: [
    ("localhost", true), ("127.0.0.1", true), ("127.9.8.7", true), ("::1", true), ("[::1]", true),
    ("127.0.0.1.example.org", false), ("localhost.example.org", false), ("128.0.0.1", false), ("127.1", false),
    ("127.0.0.256", false), ("", false), ("relay", false),
  ])
  func `no TLS only towards loopback`(host: String, isAllowed: Bool) {
    let error = refusal("EMAIL_SMTP_HOST=\(host)\nEMAIL_SMTP_TLS=none\n")
    #expect((error == nil) == isAllowed)
  }

  @Test func `fault 38: a configuration shows no secret however it is printed`() throws {
    let workspace = try read(
      """
      EMAIL_SMTP_HOST=a.example
      EMAIL_USERNAME=joe
      EMAIL_PASSWORD=\(ConfigurationTests.canary)
      IMAP_HOST=b.example
      IMAP_PASSWORD=\(ConfigurationTests.canary)2
      """)
    var text = "\(workspace) \(workspace.configuration) \(String(reflecting: workspace.configuration))"
    dump(workspace, to: &text)
    dump(workspace.configuration, to: &text)
    text += "\(Mirror(reflecting: workspace.configuration.relay).children.map { "\($0.value)" })"
    #expect(!text.contains("canary"))
    #expect(text.contains("a.example"))
  }

  @Test func `of two spellings the first one with a value counts, and the idle line is told`() throws {
    let sample = try read("EMAIL_SMTP_HOST=\nSMTP_HOST=b.example\n")
    #expect(sample.configuration.relay.host == "b.example" && sample.outspeltLines.isEmpty)
    let both = try read("SMTP_HOST=b.example\nEMAIL_SMTP_HOST=a.example\nSMTP_PORT=25\nEMAIL_SMTP_PORT=25\n")
    #expect(both.configuration.relay.host == "a.example")
    #expect(both.outspeltLines.map { "\($0.line) \($0.key) \($0.by)" } == ["1 SMTP_HOST EMAIL_SMTP_HOST"])
  }

  @Test(arguments: ["mail.example.org:465", "[::1]:25", "smtp://mail.example.org", "joe@mail.example.org", "a b"])
  func `a host is named alone`(host: String) throws {
    for key in ["EMAIL_SMTP_HOST", "FALLBACK_SMTP_HOST", "IMAP_HOST", "REPORT_MAILBOX_2_HOST"] {
      let error = try #require(refusal("SMTP_HOST=a.example\n\(key)=\(host)\n"))
      #expect(error.problem == "\(key) has a wrong value" && error.place.line == 2)
      #expect(error.expected == "a host's name or address alone; its port has a key of its own")
    }
  }

  @Test(arguments: ["mail.example.org", "192.0.2.1", "2001:db8::1", "[2001:db8::1]", "::1"])
  func `a host is taken`(host: String) { #expect(refusal("EMAIL_SMTP_HOST=\(host)\n") == nil) }

  @Test func `misspelt keys are told with their lines`() throws {
    let workspace = try read("EMAIL_SMTP_HOST=a.example\nWORKER=3\n")
    #expect(workspace.unknownKeys.map(\.key) == ["WORKER"])
    #expect(workspace.unknownKeys.map(\.line) == [2])
  }

  @Test func `no workspace, no UTF-8`() throws {
    #expect(throws: ConfigurationError.self) {
      try Workspace(folder: URL(filePath: "/nonexistent"), environment: [:])
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: "postroom-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let isMade = FileManager.default.createFile(
      atPath: folder.appending(path: ".env").path, contents: Data([0xFF, 0xFE, 0x00]),
      attributes: [.posixPermissions: 0o600])
    #expect(isMade)
    #expect(throws: ConfigurationError.self) { try Workspace(folder: folder, environment: [:]) }
  }
}
