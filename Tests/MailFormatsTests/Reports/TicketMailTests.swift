import MailFormats
import MailModel
import Testing

@testable import MailFormats

/// Mail of help desks and trackers about notices that somebody sent them.
@Suite struct TicketMailTests {
  private func kind(_ subject: String, _ text: String, from: String) -> ReportKind {
    standardClassifier.classify(crlf("\(from)\nTo: me@our.example\nSubject: \(subject)\n\n\(text)\n")).kind
  }

  private static let desk = "Return-Path: <desk@there.example>\nFrom: Service Desk <desk@there.example>"
  private static let notice =
    "Your message\n\n  Subject: Hello\n\nwas not delivered to:\n\n  ann@there.example\n\nbecause:\n\n  User ann not listed in Domino Directory"

  @Test(arguments: [
    "[IT-4410] Solved: DELIVERY FAILURE: User not listed", "(OPS-12) Mail delivery failed: returning message to sender",
    "[Tracker] (OPS-12) Undelivered Mail Returned to Sender", "[Desk #77] Delivery Status Notification (Failure)",
    "Solved: Undelivered Mail Returned to Sender",
  ])
  func `what a desk quotes is no bounce`(subject: String) {
    for heading in [
      "Original request:", "Description:", "Ann Lee commented:", "On Friday Ann wrote:", "  Comment: ", "Beschreibung:",
    ] {
      #expect(kind(subject, "Ben closed it.\n\n\(heading)\n\(Self.notice)", from: Self.desk) == .other, "\(heading)")
    }
  }

  @Test(arguments: [
    "Undelivered Mail Returned to Sender [Ticket#99]", "IT-4410: Undelivered Mail",
    "Ticket 4410: Undelivered Mail Returned to Sender", "#4410 Undelivered Mail",
    "[IT-4410] Undelivered Mail", "(OPS-12) Mail delivery failed: returning message to sender",
  ])
  func `nor is what stands below the mark of a ticket`(subject: String) {
    #expect(kind(subject, Self.notice, from: Self.desk) == .other)
  }

  @Test func `the fields of a report in a ticket are quoted, too`() {
    let fields = "Final-Recipient: rfc822; ann@there.example\nAction: failed\nStatus: 5.1.1"
    let text = "Ben closed it.\n\nOriginal request:\n\n\(fields)"
    #expect(kind("Delivery Status Notification (Failure)", text, from: Self.desk) == .other)
  }

  @Test(arguments: [
    "Return-Path: <>\nFrom: Postmaster <postmaster@there.example>", "From: MAILER-DAEMON@there.example",
  ])
  func `a mailer's notice with such a mark, or such a heading, is a bounce`(from: String) {
    #expect(kind("[MX-12] DELIVERY FAILURE: User not listed", Self.notice, from: from) == .bounce)
    #expect(kind("Undelivered Mail", "Description:\n\(Self.notice)", from: from) == .bounce)
  }

  @Test(arguments: [
    ("[Ticket#99] x", true, true), ("[x] [our.example #9] y", true, true), ("[IT-4410] x", true, false),
    ("(OPS-12) x", true, false), ("[Tracker] (OPS-12) x", true, false), ("[list] x", false, false),
    ("[2024-11] x", false, false), ("[A-1] x", false, false), ("(#5.1.1) x", false, false),
    ("x [IT-4410]", false, false),
    ("IT-4410: x", true, false), ("[list] IT-4410: x", true, false), ("SMTP-550 x", false, false),
    ("#4410 x", true, false), ("Ticket 4410 x", true, false), ("Case: #4410 x", true, false), ("Case x", false, false),
    ("#5.1.1 x", false, false), ("Tickets 5 x", false, false), ("Ticket", false, false), ("IT-4410", false, false),
    ("[IT-4410", false, false), ("[]", false, false), ("", false, false), ("[IT-12345678901] x", false, false),
    ("INC0010023: x", true, false),
    ("[INC0010023] x", true, false), ("MX25: x", false, false), ("x [Ticket#99]", true, false),
    ("Undeliverable: x [Ticket#99]", false, false), ("x (#99)", false, false), ("x [list]", false, false),
  ])
  func `marks of tickets`(subject: String, isTicket: Bool, isNumber: Bool) {
    let names = standardRules.words[.ticketNames]
    #expect(TicketMark.isOn(subject, keys: true, names: names) == isTicket)
    #expect(TicketMark.isOn(subject, keys: false, names: names) == isNumber)
  }
}
