import MailModel
import Testing

@testable import MailFormats

/// Which addresses of a notice are the ones that failed, and how they may be written.
@Suite struct NoticeAddressTests {
  private func report(_ notice: String, header: String = "") -> ClassifiedReport {
    let fields =
      "From: MAILER-DAEMON@mx.there.example\nTo: us@our.example\nReturn-Path: <>\nSubject: Undelivered mail\n"
    return standardClassifier.classify(crlf("\(fields)\(header)\n\(notice)"))
  }

  private func failed(_ notice: String, header: String = "") -> [String?] {
    report(notice, header: header).recipients.map(\.finalRecipient)
  }

  private static let both = ["ann@there.example", "bob@there.example"]

  @Test(arguments: [
    "Your message to ann@there.example and bob@there.example could not be delivered.",
    "Ihre Mail an <ann@there.example> und <bob@there.example> konnte nicht zugestellt werden.",
    "Your message could not be delivered to the following recipients: ann@there.example, bob@there.example.",
    "Could not be delivered to: <ann@there.example>,\n                           <bob@there.example>\nAs the user is unknown.",
    "Not delivered to:\n\nAnn Lee (ann@there.example)\nMailbox full.\n\nBob Ray <bob@there.example>\nMailbox full.",
    "The following recipients returned permanent errors: ann@there.example.\nThe server mx.there.example rejected recipient <bob@there.example> with\n550 user unknown",
  ])
  func `all whom a notice names`(notice: String) { #expect(failed(notice) == Self.both) }

  @Test(arguments: [
    "Your message to ann@there.example was refused: mailbox full\n\nIf you are not the addressee, please inform\nguard@there.example at once.",
    "ann@there.example: mailbox full\n\nKind regards,\nthe mail team\nteam@there.example",
    "You use an old name of a domain.\n\n   ann@there.example\n\nPlease change your book to the new domain.\n\n   ann@new.example\n\nMail is not delivered.",
    "Votre message à ann@there.example n'a pas pu être remis. Écrivez à aide@there.example.",
    "news@our.example -> ann@there.example: mailbox full", "news@our.example → <ann@there.example>: mailbox full",
    "--- The original message was received from us@our.example\n\nFailed address: ann@there.example\n\nNo such user here.",
    "A message sent by\n\n  <other@our.example>\n\ncould not be delivered to\n\n  ann@there.example\n    mailbox full",
    "ann@there.example: failed to read /home/ann/replies/ann@there.example: no such file",
  ])
  func `and nobody else`(notice: String) { #expect(failed(notice) == ["ann@there.example"]) }

  @Test func `what a list adds below a notice says nothing of it`() {
    let notice =
      "Delivery to ann@there.example failed: 550 user unknown\n\n________________________________\nBounces mailing list\nbounces@our.example\nYou are not allowed to post here\n"
    let found = report(notice, header: "List-Id: <bounces.our.example>\n")
    #expect(found.recipients.map(\.finalRecipient) == ["ann@there.example"])
    #expect(found.recipients.first?.bounceClass == .hard)
  }

  @Test func `what is said below a list of addresses is said of each of them`() {
    let found = report("Not delivered:\n\n  ann@there.example\n  bob@there.example\n\n552 5.2.2 mailbox full\n")
    #expect(found.recipients.map(\.bounceClass) == [.soft, .soft])
    #expect(found.recipients.map(\.status?.description) == ["5.2.2", "5.2.2"])
  }

  @Test func `what is said of one address is not said of the one above it`() {
    let found = report("Not delivered:\n\n  ann@there.example\n  bob@there.example: 550 5.1.1 user unknown\n")
    #expect(found.recipients.map(\.bounceClass) == [.unknown, .hard])
  }

  @Test(arguments: [
    "\"|/usr/bin/filter -u ann\"\n    (reason: can't create output)\n    (expanded from: <ann@there.example>)",
    "pipe to |/usr/bin/filter\n  (generated from ann@there.example)\n  returned 73",
  ])
  func `the address that a program was run for`(notice: String) {
    #expect(failed("The following addresses had permanent fatal errors:\n\n\(notice)\n") == ["ann@there.example"])
  }

  @Test func `a program after an address is not expanded from it`() {
    let found = report(
      "The following addresses failed:\n\n<bob@there.example>\n    550 user unknown\n\"|/usr/bin/filter\"\n    (expanded from: <ann@there.example>)\n    mailbox full\n"
    )
    #expect(found.recipients.map(\.finalRecipient) == ["bob@there.example", "ann@there.example"])
    #expect(found.recipients.map(\.expandedFrom) == [nil, nil])
  }

  @Test func `a sentence that names somebody does not outweigh a header that names the recipient`() {
    let found = failed(
      "Hello eve@our.example,\n\nthe group may not exist, or you may not post to it.\n",
      header: "X-Failed-Recipients: group@there.example\n")
    #expect(found == ["group@there.example"])
  }

  @Test(arguments: [
    ("c=DE;a= ;p=THERE;o=HQ;dda:SMTP=ann@there.example; on Tue, 5 Mar", "ann@there.example"),
    ("<ann@müller.example>: no such user", "ann@müller.example"),
    ("<анна@почта.example>: no such user", "анна@почта.example"),
    ("收件人ann@there.example不存在", "ann@there.example"),
    ("<安@there.example>: no such user", "安@there.example"), ("安@there.example: no such user", "安@there.example"),
    ("<ann@[192.0.2.9]>: no such user", "ann@[192.0.2.9]"),
    ("<\"ann lee\"@there.example>: no such user", "\"ann lee\"@there.example"),
    ("Delivery to {ann@there.example} failed", "ann@there.example"),
    ("|ann@there.example| no such user |", "ann@there.example"),
  ])
  func `how an address is written`(line: String, address: String) { #expect(failed("\(line)\n") == [address]) }
}
