import Engine
import Foundation
import MailModel
import Storage
import Testing

/// What follows from bounces and complaints by class, scope and amount.
@Suite struct ConsequenceTests {
  private static let full = (status: EnhancedStatus(5, 2, 2), text: "552 5.2.2 mailbox full")

  private func softBounce(_ place: TestWorkspace, _ mailbox: FakeMailbox, _ address: String) throws {
    let id = try place.send([address])[0]
    mailbox.put(
      try place.dsn(
        about: id,
        [.init(address: address, status: ConsequenceTests.full.status, diagnostic: ConsequenceTests.full.text)]
      ))
  }

  @Test func `the third soft bounce within two weeks suppresses, for a while`() throws {
    let clock = ManualClock()
    let place = try TestWorkspace(settings: ["SOFT_BOUNCE_RETRY_HOURS": "0"], clock: clock)
    let mailbox = FakeMailbox()
    for (address, expected) in [
      ("full@there.invalid", false), ("Full@There.invalid", false), ("FULL@there.invalid", true),
    ] {
      try softBounce(place, mailbox, address)
      try place.scan(mailbox)
      #expect(try place.isSuppressed("full@there.invalid") == expected)
      clock.advance(.hours(20))
    }
    let words = try place.store.read { try $0.bounces.page(BounceQuery(isDescending: false)).rows.map(\.consequence) }
    #expect(words == ["soft 1 of 3", "soft 2 of 3", "suppressed for a while"])
    func shown() throws -> Suppression? {
      let bounce = try #require(try place.store.read { try $0.bounces.page(BounceQuery()).rows.first })
      guard case .bounce(_, let suppression, _, _) = try place.open.details(of: .bounce(bounce)) else { return nil }
      return suppression
    }
    #expect(try shown()?.expiresAt != nil)
    // It is the mailbox that is full, not the person who is gone.
    #expect(try place.store.read { try $0.recipients.get("full@there.invalid") } == nil)
    clock.advance(.days(30))
    #expect(try shown() == nil)
    let later = try place.enqueue(["full@there.invalid"])[0]
    #expect(try place.message(later).state == .queued)
    try place.claimAndAccept(1)
    #expect(try place.message(later).state == .sent)
  }

  @Test func `soft bounces outside the window do not add up, nor do two reports about one message`() throws {
    let clock = ManualClock()
    let place = try TestWorkspace(clock: clock)
    let mailbox = FakeMailbox()
    for _ in 0..<4 {
      try softBounce(place, mailbox, "full@there.invalid")
      try place.scan(mailbox)
      clock.advance(.days(8))
    }
    #expect(try !place.isSuppressed("full@there.invalid"))
    let id = try place.send(["twice@there.invalid"])[0]
    for _ in 0..<4 {
      mailbox.put(
        try place.dsn(
          about: id,
          [
            .init(
              address: "twice@there.invalid", status: ConsequenceTests.full.status,
              diagnostic: ConsequenceTests.full.text)
          ]))
    }
    try place.scan(mailbox)
    #expect(try !place.isSuppressed("twice@there.invalid"))
  }

  @Test func `a block never suppresses and raises an alert`() throws {
    let place = try TestWorkspace()
    let mailbox = FakeMailbox()
    for id in try place.send((0..<12).map { "ok.\($0)@there.invalid" }) {
      let address = try place.message(id).recipient
      mailbox.put(
        try place.dsn(
          about: id,
          [
            .init(
              address: address, status: EnhancedStatus(5, 7, 1),
              diagnostic: "554 5.7.1 Service unavailable; client host blocked using zen.spamhaus.org")
          ]))
    }
    try place.scan(mailbox)
    #expect(try place.store.read { try $0.counters.all()["suppression"] } == 0)
    let alerts = try place.open.overview().alerts
    let alert = try #require(alerts.first { $0.id == "block-bounces" })
    #expect(alert.severity == .critical)
    #expect(alert.explanation.contains("stop all sending"))
  }

  @Test func `a complaint keeps only its sender from the recipient`() throws {
    let place = try TestWorkspace()
    let mailbox = FakeMailbox()
    let id = try place.send(["reader@there.invalid"], from: "loud@sender.invalid")[0]
    let waiting = try place.enqueue(["reader@there.invalid"], from: "loud@sender.invalid")[0]
    let other = try place.enqueue(["reader@there.invalid"], from: "quiet@sender.invalid")[0]
    mailbox.put(try place.complaint(about: id, by: "reader@there.invalid"))
    try place.scan(mailbox)
    #expect(try place.message(waiting).state == .suppressed)
    #expect(try place.message(other).state == .queued)
    let again = try place.enqueue(["reader@there.invalid"], from: "loud@sender.invalid")[0]
    #expect(try place.message(again).state == .suppressed)
    #expect(try place.send(["reader@there.invalid"], from: "quiet@sender.invalid").count == 1)
    #expect(try place.message(other).state == .sent)
  }

  @Test func `or everyone, when it is configured so`() throws {
    let place = try TestWorkspace(settings: ["COMPLAINT_SUPPRESSES_FOR": "everyone"])
    let mailbox = FakeMailbox()
    let id = try place.send(["reader@there.invalid"], from: "loud@sender.invalid")[0]
    mailbox.put(try place.complaint(about: id, by: "reader@there.invalid"))
    try place.scan(mailbox)
    let other = try place.enqueue(["reader@there.invalid"], from: "quiet@sender.invalid")[0]
    #expect(try place.message(other).state == .suppressed)
  }

  @Test func `fault 30: a storm of complaints restricts no more accounts an hour than it may, and alerts`() throws {
    let clock = ManualClock()
    let place = try TestWorkspace(
      settings: ["RESTRICTIONS_PER_HOUR": "2", "COMPLAINTS_TO_RESTRICT": "3"], clock: clock)
    let mailbox = FakeMailbox()
    let senders = (0..<5).map { "sender.\($0)@sender.invalid" }
    for sender in senders {
      let readers = (0..<3).map { "reader.\($0)@there.invalid" }
      for (reader, id) in zip(readers, try place.send(readers, from: sender)) {
        mailbox.put(try place.complaint(about: id, by: reader))
      }
    }
    let summary = try place.scan(mailbox)
    #expect(summary.intake.restricted == 2 && summary.intake.withheld == 3)
    let standings = try senders.map { try place.account($0).standing }
    #expect(standings.filter { $0 == .restricted }.count == 2)
    #expect(standings.filter { $0 == .flagged }.count == 3)
    let alerts = try place.open.overview().alerts
    #expect(alerts.first { $0.id == "report-storm" }?.severity == .critical)
    #expect(try place.audit("policy.withhold").count == 3)
    // An hour later the next complaint restricts again.
    clock.advance(.hours(2))
    let sender = try #require(try senders.first { try place.account($0).standing == .flagged })
    let id = try place.send(["late@there.invalid"], from: sender)[0]
    mailbox.put(try place.complaint(about: id, by: "late@there.invalid"))
    #expect(try place.scan(mailbox).intake.restricted == 1)
  }

  @Test func `patterns answer the questions of a high bounce rate`() throws {
    let place = try TestWorkspace()
    let mailbox = FakeMailbox()
    for (sender, addresses) in [
      ("a@sender.invalid", ["x@one.invalid", "y@one.invalid"]), ("b@sender.invalid", ["z@two.invalid"]),
    ] {
      for (address, id) in zip(addresses, try place.send(addresses, from: sender)) {
        mailbox.put(try place.dsn(about: id, [.init(address: address)]))
      }
    }
    mailbox.put(try place.dsn([.init(address: "forged@three.invalid")], header: "Subject: x\r\n\r\n"))
    try place.scan(mailbox)
    let domains = try place.open.bouncePatterns(.domain, window: .hours(1), limit: 10)
    #expect(domains.map(\.value) == ["one.invalid", "two.invalid"])
    #expect(domains.map(\.count) == [2, 1])
    #expect(domains[0].classes == [.hard: 2])
    #expect(try place.open.bouncePatterns(.sender, window: .hours(1), limit: 1).map(\.value) == ["a@sender.invalid"])
    #expect(try place.open.bouncePatterns(.code, window: .hours(1), limit: 5).map(\.value) == ["5.1.1"])
  }

  @Test(arguments: ["envelope id", "own header"])
  func `our signature is found wherever it comes back`(place name: String) throws {
    let place = try TestWorkspace()
    let id = try place.send(["gone@there.invalid"])[0]
    let token = String(try place.tokenAddress(id).split(separator: "+")[1].prefix(32))
    let mailbox = FakeMailbox()
    let isHeader = name == "own header"
    var raw = try place.dsn(
      [.init(address: "gone@there.invalid")],
      header: isHeader ? "Subject: x\r\nX-Postroom-Token: \(token)\r\n\r\n" : "Subject: x\r\n\r\n")
    if !isHeader {
      raw = Array(
        String(decoding: raw, as: UTF8.self).replacing(
          "Reporting-MTA:", with: "Original-Envelope-Id: \(token)\r\nReporting-MTA:"
        ).utf8)
    }
    mailbox.put(raw)
    try place.scan(mailbox)
    #expect(
      try place.store.read { try $0.bounces.list(of: id) }.map(\.correlation) == [isHeader ? .header : .envelopeID])
  }
}
