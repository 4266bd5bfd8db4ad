import Foundation
import MailFormats
import MailModel
import TestSupport
import Testing

/// X-ARF: fields in a text part (0.1, 0.2) and JSON documents (1 to 4); a complaint only where it is about a message.
@Suite struct ExtendedReportTests {
  private static let reported = FeedbackReportTests.reported
  private static let message = "--b\nContent-Type: message/rfc822\n\n\(reported)\n"
  private static let log = "--b\nContent-Type: text/plain; name=log.txt\n\nsshd[1]: Failed password for root\n"

  private static func fields(_ type: String, service: String = "smtp", more: String = "") -> String {
    "---\nReported-From: reports@watch.example\nCategory: abuse\nReport-Type: \(type)\nService: \(service)\nVersion: 0.2\nUser-Agent: X 1\nDate: Mon, 1 Jan 2024 10:10:00 +0000\nSource-Type: ip-address\nSource: 192.0.2.10\nReport-ID: 1@watch.example\nSchema-URL: http://www.x-arf.org/schema/x_0.1.2.json\nAttachment: none\n\(more)"
  }

  private func classify(
    _ report: String, _ evidence: String = "", mark: String = "X-XARF: PLAIN", header: String = ""
  ) -> ClassifiedReport {
    standardClassifier.classify(
      crlf(
        "From: reports@watch.example\nTo: abuse@our.example\nSubject: abuse report about 192.0.2.10\n\(mark)\nAuto-Submitted: auto-generated\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nHello, your server misbehaved.\n--b\nContent-Type: text/plain; name=\"report.txt\"\n\(header)\n\(report)\n\(evidence)--b--\n"
      ))
  }

  private func expectComplaint(_ found: ClassifiedReport, type: String = "abuse") {
    #expect(found.kind == .complaint, "\(found.why)")
    #expect(found.feedbackType == type)
    #expect(found.recipients.map(\.finalRecipient) == ["ann@there.example"])
    #expect(found.originalMessageID == "<orig@our.example>")
  }

  @Test(arguments: ["X-ARF: Yes", "X-XARF: PLAIN", "X-XARF: SECURE", "x-xarf: bulk"])
  func `spam with the message is a complaint, a login attack is not`(mark: String) {
    expectComplaint(classify(Self.fields("spam"), Self.message, mark: mark))
    let attack = classify(Self.fields("login-attack", service: "ssh"), Self.log, mark: mark)
    #expect(attack.kind == .other)
    #expect(attack.recipients.isEmpty)
    #expect(attack.why == "X-ARF report of type login-attack, about no message")
  }

  @Test func `the message may come as its header, as text, as ids, or not at all`() {
    expectComplaint(
      classify(Self.fields("spam"), Self.message.replacing("message/rfc822", with: "text/rfc822-headers")))
    expectComplaint(classify(Self.fields("'spam'"), Self.message.replacing("message/rfc822", with: "text/plain")))
    expectComplaint(
      classify(
        Self.fields("spam", more: "Original-Rcpt-To: ann@there.example\nMessage-ID: <orig@our.example>\n")))
    let bare = classify(Self.fields("spam"))
    #expect(bare.kind == .complaint)
    #expect(bare.recipients.isEmpty)
  }

  @Test func `fields in an encoded attachment are read`() {
    let encoded = Data(Self.fields("spam").utf8).base64EncodedString(options: .lineLength76Characters)
    expectComplaint(
      classify(
        encoded, Self.message,
        header: "Content-Disposition: attachment; filename=report.txt\nContent-Transfer-Encoding: base64\n"))
  }

  @Test func `the reporter's type is told in ARF's words`() {
    expectComplaint(classify(Self.fields("phishing"), Self.message), type: "fraud")
    expectComplaint(classify(Self.fields("malware-attack"), Self.message), type: "virus")
  }

  @Test(arguments: [
    ("spam", "http"), ("spam", "forum"), ("login-attack", "postfix"), ("portscan", "tcp"), ("info", "dns"),
    ("malware", "http"), ("phishing", "http"), ("ddos", "ntp"), ("regbot", "http"),
  ])
  func `what a host did to others is no complaint about a message`(type: String, service: String) {
    #expect(classify(Self.fields(type, service: service)).kind == .other)
  }

  @Test func `a mail without the mark, and one that says no, are none`() {
    #expect(classify(Self.fields("spam"), mark: "X-Other: 1").kind == .other)
    #expect(classify(Self.fields("spam"), mark: "X-ARF: no").kind == .other)
  }

  private func classify(json: String, type: String = "multipart/report; report-type=feedback-report")
    -> ClassifiedReport
  {
    let document = Data(json.utf8).base64EncodedString(options: .lineLength76Characters)
    return standardClassifier.classify(
      crlf(
        "From: reports@watch.example\nTo: abuse@our.example\nSubject: report\nContent-Type: \(type); boundary=b\n\n--b\n\nReadable\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: xarf\nUser-Agent: X/1\nVersion: 1\n--b\nContent-Type: application/json; name=xarf.json\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=xarf.json\n\n\(document)\n--b--\n"
      ))
  }

  private static let payload = Data(reported.utf8).base64EncodedString()

  private static func old(_ type: String, _ more: String = "") -> String {
    #"{"Version": "2", "ReporterInfo": {"ReporterOrg": "Watch"}, "Disclosure": true, "Report": {"ReportClass": "Activity", "ReportType": "\#(type)", "SourceIp": "192.0.2.10"\#(more)}}"#
  }

  private static func new(_ category: String, _ type: String, _ more: String = "") -> String {
    #"{"xarf_version": "4.0.0", "category": "\#(category)", "reporter": {"org": "W", "type": "automated"}, "type": "\#(type)", "source_identifier": "192.0.2.10"\#(more)}"#
  }

  @Test(arguments: [
    old(
      "Spam",
      #", "SmtpRcptToAddress": "ann@there.example", "Samples": [{"ContentType": "text/plain", "Payload": "eA=="}, {"ContentType": "message/rfc822", "Base64Encoded": true, "Payload": "\#(payload)"}]"#
    ),
    old("spam", #", "Attachment": [{"ContentType": "message/rfc822", "Data": "\#(payload)"}]"#),
    new(
      "messaging", "spam",
      #", "protocol": "smtp", "smtp_to": "ann@there.example", "message_id": "orig@our.example", "evidence": []"#),
    new(
      "messaging", "bulk_messaging",
      #", "evidence": [{"payload": "\#(payload)", "content_type": "message/rfc822"}]"#),
  ])
  func `JSON documents about a message`(json: String) {
    expectComplaint(classify(json: json))
    expectComplaint(classify(json: json, type: "multipart/mixed"))
  }

  @Test func `the message in the document brings its token along`() {
    let found = classify(
      json: Self.old("Spam", #", "Samples": [{"ContentType": "message/rfc822", "Payload": "\#(Self.payload)"}]"#))
    #expect(found.tokenCandidates.contains("bounce+token@our.example"))
    let named = classify(json: Self.old("Spam", #", "SmtpMailFromAddress": "bounce+token@our.example""#))
    #expect(named.tokenCandidates.contains("bounce+token@our.example"))
  }

  @Test(arguments: [
    old("LoginAttack"), old("PortScan"), old("Phishing"), old("Malware"), old("Ddos"), old("Copyright"),
    new("connection", "login_attack"), new("content", "phishing", #", "url": "https://our.example/x""#),
    new("messaging", "spam", #", "protocol": "whatsapp""#), "{", "[[[[", #"{"ReporterInfo":"#, "not JSON",
  ])
  func `JSON documents about something else, and broken ones`(json: String) {
    let found = classify(json: json)
    #expect(found.kind == .other, "\(found.why)")
    #expect(found.recipients.isEmpty)
  }

  @Test func `documents that are built to exhaust their reader end soon, fault 27`() {
    for json in [
      String(repeating: "[", count: 50_000), String(repeating: "{\"a\":", count: 10_000),
      "{\"ReporterInfo\": {\"a\": [" + String(repeating: "\"x\",", count: 20_000),
      "{\"xarf_version\": \"" + String(repeating: "\\", count: 70_000),
    ] {
      let seconds = TestEnvironment.processorSeconds { #expect(classify(json: json).kind == .other) }
      #expect(seconds < 30)
    }
  }
}
