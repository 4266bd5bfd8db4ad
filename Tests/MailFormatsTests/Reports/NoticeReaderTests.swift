import MailModel
import Testing

@testable import MailFormats

@Suite struct NoticeReaderTests {
  private func failed(_ notice: String, from: String = "MAILER-DAEMON@mx.there.example") -> [ReportedRecipient] {
    standardClassifier.classify(
      crlf("From: \(from)\nTo: us@our.example\nReturn-Path: <>\nSubject: Undelivered mail\n\n\(notice)")
    ).recipients
  }

  @Test func `the address that an alias was expanded from is kept, on one line and on two`() {
    for notice in [
      "<box@mail.example> (expanded from <ann@there.example>): user unknown",
      "<box@mail.example> (expanded from\n    <ann@there.example>): user unknown",
      "box@mail.example\n    (expanded from: ann@there.example)\n550 user unknown",
      "  box@mail.example\n    (ultimately generated from ann@there.example)\n    550 user unknown",
    ] {
      let found = failed("The following address failed:\n\n\(notice)\n")
      #expect(found.map(\.finalRecipient) == ["box@mail.example"], "\(notice)")
      #expect(found.first?.expandedFrom == "ann@there.example", "\(notice)")
      #expect(found.first?.bounceClass == .hard)
    }
  }

  @Test func `in a transcript the dialogue before an address belongs to it`() {
    let found = failed(
      """
         ----- Transcript of session follows -----
      While talking to mx.one.example:
      >>> RCPT To:<ann@one.example>
      <<< 552 mailbox is over quota
      550 <ann@one.example>... Not delivered
      550 two.example (smtp)... 550 Host unknown
      554 <bob@two.example>... 550 Host unknown (Authoritative answer from name server)
      """)
    #expect(found.map(\.finalRecipient) == ["ann@one.example", "bob@two.example"])
    #expect(found.map(\.reason) == ["mailbox full", "host unknown"])
  }

  @Test func `bare user names belong to the domain of the daemon, but not to a host of it`() {
    let notice = "Your mail to the following recipients could not be delivered:\n\tann.lee\n"
    #expect(failed(notice, from: "MAILER-DAEMON@there.example").map(\.finalRecipient) == ["ann.lee@there.example"])
    #expect(failed(notice, from: "MAILER-DAEMON@mx7.host.there.example").isEmpty)
  }

  @Test func `whoever writes to himself is found, the daemon is not`() {
    let found = failed("The following address(es) failed:\n\nus@our.example:\nSMTP error: 550 user unknown\n")
    #expect(found.map(\.finalRecipient) == ["us@our.example"])
    #expect(failed("Failed.\n\nmailer-daemon@mx.there.example:\n 550 no\n").isEmpty)
  }

  @Test(arguments: ["ann@there.example, bob@there.example", "<ann@there.example>; <bob@there.example>"])
  func `a list after what failed, but not after whom a message was to`(list: String) {
    let both = ["ann@there.example", "bob@there.example"]
    #expect(failed("Could not be delivered to: \(list)\n550 user unknown\n").map(\.finalRecipient) == both)
    #expect(failed("Not delivered.\n\nTo: \(list)\n550 user unknown\n").map(\.finalRecipient) == [both[0]])
  }

  @Test func `a name before the address`() {
    let found = failed("Your mail could not be delivered to:\n\nAnn Lee <ann@there.example>: mailbox full\n")
    #expect(found.map(\.finalRecipient) == ["ann@there.example"])
  }

  @Test func `an address in advice is nobody's`() {
    #expect(failed("Message was not delivered.\nIf e.g. joe.fox@there.example fails, try another.\n").isEmpty)
  }

  @Test(arguments: [
    (
      "Message from <us@our.example> to <ann@there.example> could not be delivered: no such user", ["ann@there.example"]
    ),
    ("Message-ID <1@our.example> could not be delivered to <ann@there.example>: no such user", ["ann@there.example"]),
    (
      "What you sent to the address ann@there.example was not delivered. Please contact help@there.example.",
      ["ann@there.example"]
    ),
    ("Delivery failed. Please contact help@there.example.", []),
    (
      "Could not be delivered to:\n\n  ann@there.example, bob@there.example; <eve@there.example>\n\nno such user",
      ["ann@there.example", "bob@there.example", "eve@there.example"]
    ),
    ("ann@there.example: mailbox has moved to:\n   ann@new.example", ["ann@there.example"]),
    ("Delivery failed:\n\n<ann@there.example>, said <mx@there.example>, is unknown\n", ["ann@there.example"]),
  ])
  func `whom a sentence is about`(notice: String, expected: [String]) {
    #expect(failed(notice).map(\.finalRecipient) == expected)
  }

  @Test func `what the text names outweighs a header that names another address`() {
    let mail =
      "From: MAILER-DAEMON@mx.there.example\nTo: us@our.example\nX-Failed-Recipients: old@there.example\nSubject: Mail delivery failed\n\nThe following address(es) failed:\n\n  ann@there.example\n    550 user unknown\n"
    #expect(standardClassifier.classify(crlf(mail)).recipients.map(\.finalRecipient) == ["ann@there.example"])
  }

  @Test func `a list server that refuses a post blocks, and its list is the recipient`() {
    let found = standardClassifier.classify(
      crlf(
        "From: talk-admin@lists.example\nTo: us@our.example\nX-MLServer: fml [fml 4.0]\nSubject: You us@our.example are not member (talk ML)\nReferences: <1@our.example>\n\nYou are not a member of this mailing list <talk@lists.example>.\n"
      ))
    #expect(found.kind == .bounce)
    #expect(found.recipients.map(\.finalRecipient) == ["talk@lists.example"])
    #expect(found.recipients.first?.bounceClass == .block)
  }

  @Test(arguments: [
    "From: Microsoft Outlook\nSubject: Undeliverable: Hello\nIn-Reply-To: <1@our.example>\n\nDelivery has failed to these recipients or groups:\n\nann@there.example\nThe recipient's address was not found.",
    "From: \"Content-filter at there.example\" <postmaster@there.example>\nSubject: Considered UNSOLICITED BULK EMAIL, apparently from you\n\nA message from <us@our.example> to:\n-> ann@there.example\n\nwas considered unsolicited bulk e-mail (UBE).",
    "From: \"Content-filter at there.example\" <postmaster@there.example>\nSubject: VIRUS (Eicar) in mail FROM YOU\n\nA message from <us@our.example> to:\n-> ann@there.example\n\ncontains a virus. Delivery of the email was stopped!",
    "From: Internet Mail Delivery <postmaster@there.example>\nReturn-Path: <>\nIn-Reply-To: <1@our.example>\nSubject: Delivery Notification: Delivery has failed\n\nThis report relates to a message you sent.\n\nYour message cannot be delivered to the following recipients:\n\n  Recipient address: ann@there.example\n  Reason: Illegal host/domain name found\n",
  ])
  func `a notice that cites what it answers is one`(mail: String) {
    let found = standardClassifier.classify(crlf("To: us@our.example\n" + mail))
    #expect(found.kind == .bounce, "\(found.why)")
    #expect(found.recipients.map(\.finalRecipient) == ["ann@there.example"])
  }
}
