import MailModel
import MailPolicy
import Testing

@Suite struct CandidateRankingTests {
  private static let sent = Timestamp(seconds: 1_700_000_000)

  private func message(_ id: Int64, to recipient: String = "ann@there.example", subject: String = "Autumn letter")
    -> Message
  {
    Message(
      id: id, version: 1, state: .sent, epoch: 1, source: "test", idempotencyKey: "\(id)", accountID: 1,
      accountAddress: "news@our.example", envelopeSender: "bounces@our.example", recipient: recipient,
      messageID: "<\(id)@our.example>", subject: subject, size: 1, enqueuedAt: Self.sent, nextAttemptAt: Self.sent,
      attemptCount: 1, leaseOwner: nil, leaseExpiresAt: nil, stateChangedAt: Self.sent, stateReason: "")
  }

  private func evidence(
    after: Span = .minutes(2), _ recipients: [String] = [], subject: String = "", text: String = "",
    mta: String? = nil, to: [String] = []
  ) -> ReportEvidence {
    ReportEvidence(
      receivedAt: Self.sent + after, recipients: recipients, subject: subject, text: text, reportingMTA: mta, sentTo: to
    )
  }

  private func reasons(_ evidence: ReportEvidence, relay: String? = nil) -> [String] {
    let relays = relay.map { [Int64(1): $0] } ?? [:]
    return CandidateRanking.rank(evidence, [message(1)], relayOf: relays).first?.reasons ?? []
  }

  @Test func `each sign is a reason in words, the strongest first`() {
    #expect(
      reasons(evidence(["ann@there.example"])) == [
        "same recipient", "sent 2 min before",
      ])
    #expect(reasons(evidence(text: "to ann@there.example")).first == "its text names the recipient")
    #expect(reasons(evidence(text: "about <1@our.example>")).first == "its text cites the Message-ID")
    #expect(reasons(evidence(subject: "Re: Autumn letter")).first == "its subject quotes ours")
    #expect(reasons(evidence(text: "subject: autumn letter")).contains("its text quotes our subject"))
    #expect(reasons(evidence(["bob@there.example"])).contains("same domain"))
    let relayed = evidence(["ann@there.example"], mta: "mx.relay.example", to: ["bounces@our.example"])
    #expect(reasons(relayed, relay: "relay.example:25").contains("reported by the relay that took it"))
    for stranger in ["evilrelay.example:25", "lay.example:25", ":25"] {
      #expect(!reasons(relayed, relay: stranger).contains("reported by the relay that took it"), "\(stranger)")
    }
    #expect(reasons(relayed).contains("sent to its sender bounces@our.example"))
  }

  @Test func `a sender and a time fit every message of the hour and make no candidate`() {
    #expect(reasons(evidence(to: ["news@our.example"])).isEmpty)
    #expect(reasons(evidence()).isEmpty)
  }

  @Test(arguments: [(Span.minutes(9), 20), (.minutes(30), 15), (.hours(20), 10), (.days(4), 5), (.days(6), 0)])
  func `the sooner it comes the more it counts`(after: Span, weight: Int) {
    let found = CandidateRanking.rank(evidence(after: after, ["ann@there.example"]), [message(1)])
    #expect(found.map(\.score) == [50 + weight])
  }

  @Test func `what came before the message is not about it by its time`() {
    let early = ReportEvidence(
      receivedAt: Self.sent - .hours(1), recipients: ["ann@there.example"], subject: "", text: "", reportingMTA: nil,
      sentTo: [])
    #expect(CandidateRanking.rank(early, [message(1)]).map(\.reasons) == [["same recipient"]])
  }

  @Test func `best first, newer before older at the same score, no more than asked for`() {
    let messages = [message(1), message(2), message(3, to: "bob@there.example"), message(4, to: "eve@other.example")]
    let found = CandidateRanking.rank(evidence(["ann@there.example"]), messages)
    #expect(found.map(\.message.id) == [2, 1, 3])
    #expect(CandidateRanking.rank(evidence(["ann@there.example"]), messages, limit: 1).map(\.message.id) == [2])
  }

  @Test func `a subject of three letters quotes nothing`() {
    let found = CandidateRanking.rank(evidence(subject: "Re: Hi"), [message(1, subject: "Hi")])
    #expect(found.isEmpty)
  }
}
