import MailFormats
import MailModel
import Testing

/// Bounces that came inside another mail: those that a program passes on are bounces, those that people forward are not.
@Suite struct EnclosedNoticeTests {
  private static let text =
    "From: MAILER-DAEMON@there.example\nSubject: failure notice\n\n<ann@there.example>:\n550 5.1.1 no such user\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <orig@our.example>\nFrom: me@our.example\nTo: ann@there.example\n"
  private static let fields =
    "From: MAILER-DAEMON@there.example\nTo: me+token@our.example\nContent-Type: multipart/report; boundary=i\n\n--i\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; ann@there.example\nAction: failed\nStatus: 5.1.1\n\n--i\nContent-Type: message/rfc822\n\nMessage-ID: <orig@our.example>\n\nx\n--i--"

  private func passedOn(_ header: String, _ inner: String) -> ClassifiedReport {
    standardClassifier.classify(
      crlf(
        "From: desk@our.example\nTo: reports@our.example\nSubject: Fwd: mail\n\(header)\nContent-Type: multipart/mixed; boundary=o\n\n--o\n\nSee below.\n--o\nContent-Type: message/rfc822\n\n\(inner)\n--o--\n"
      ))
  }

  @Test(arguments: [text, fields])
  func `a bounce that a program passed on is one`(inner: String) {
    let found = passedOn("Auto-Submitted: auto-forwarded", inner)
    #expect(found.kind == .bounce)
    #expect(found.recipients.map(\.finalRecipient) == ["ann@there.example"])
    #expect(found.recipients.first?.bounceClass == .hard)
    #expect(found.originalMessageID == "<orig@our.example>")
    #expect(found.subject == "Fwd: mail")
    #expect(found.tokenCandidates.contains("reports@our.example"))
    if inner == Self.fields { #expect(found.tokenCandidates.contains("me+token@our.example")) }
  }

  @Test(arguments: [
    "X-Mailer: Mail", "Auto-Submitted: no", "Auto-Submitted: auto-generated\nList-Id: <l.example>",
    "Auto-Submitted: auto-generated\nIn-Reply-To: <m@our.example>",
  ])
  func `a bounce that people forward, answer or get over a list is none`(header: String) {
    for inner in [Self.text, Self.fields] { #expect(passedOn(header, inner).kind != .bounce) }
  }
}
