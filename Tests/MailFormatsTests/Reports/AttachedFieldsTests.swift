import MailFormats
import MailModel
import Testing

/// The fields of a report outside of a `multipart/report`: a mailer's, or what somebody attached who asks about them.
@Suite struct AttachedFieldsTests {
  private func kind(
    _ header: String, _ text: String, type: String = "multipart/mixed", of part: String = "message/delivery-status"
  ) -> ReportKind {
    standardClassifier.classify(
      crlf(
        """
        \(header)
        To: me@our.example
        Content-Type: \(type); boundary=b

        --b

        \(text)
        --b
        Content-Type: \(part); name=details.txt
        Content-Disposition: attachment; filename=details.txt

        Reporting-MTA: dns; mx.there.example

        Final-Recipient: rfc822; ann@there.example
        Action: failed
        Status: 5.1.1
        Diagnostic-Code: smtp; 550 5.1.1 user unknown

        --b--
        """)
    ).kind
  }

  private static let bob = "Return-Path: <bob@there.example>\nFrom: Bob <bob@there.example>"

  @Test(arguments: [
    ("A question about your invoice", "Attached is the error as a text file that I get for the invoice.\nBob"),
    ("Your invoice", "Moin, meine Mail an euch konnte nicht zugestellt werden. Was heisst das?"),
    ("Undelivered Mail Returned to Sender", "Hello,\nthis could not be delivered, see the file.\nBob"),
    ("Undelivered Mail Returned to Sender", "What is this?"),
    ("Undelivered Mail Returned to Sender", "For your files."),
    ("Trouble", "My mail to your desk could not be delivered to anybody."), ("The log", ""),
  ])
  func `attached by somebody they make no bounce`(subject: String, text: String) {
    #expect(kind("\(Self.bob)\nSubject: \(subject)", text) == .other)
    #expect(kind("\(Self.bob)\nSubject: \(subject)", text, of: "text/plain") == .other)
  }

  @Test(arguments: [
    "Return-Path: <>\nFrom: Gate <gate@there.example>\nSubject: Your mail",
    "From: MAILER-DAEMON@there.example\nSubject: Your mail", "From: postmaster@there.example\nSubject: Your mail",
  ])
  func `of a mailer they are its report`(header: String) { #expect(kind(header, "Sorry.") == .bounce) }

  @Test(arguments: [
    ("Your mail", "Your message could not be delivered to the following recipients."),
    ("Undelivered Mail Returned to Sender", "Your message was rejected."), ("Undelivered Mail Returned to Sender", ""),
  ])
  func `below the words of a notice they count, whoever the gateway says it is`(subject: String, text: String) {
    #expect(kind("From: Gate <gate@there.example>\nSubject: \(subject)", text) == .bounce)
  }

  @Test func `in a report they count, also where something on the way put that into another part`() {
    let header = "From: Gate <gate@there.example>\nSubject: Your mail"
    #expect(kind(header, "Sorry.", type: "multipart/report") == .bounce)
    let report =
      "Content-Type: multipart/report; boundary=i\n\n--i\n\nSorry.\n--i\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; ann@there.example\nAction: failed\nStatus: 5.1.1\n\n--i--"
    let mail = "\(header)\nContent-Type: multipart/mixed; boundary=o\n\n--o\n\(report)\n--o\n\nChecked.\n--o--\n"
    #expect(standardClassifier.classify(crlf(mail)).kind == .bounce)
  }
}
