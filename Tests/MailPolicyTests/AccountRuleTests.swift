import MailModel
import MailPolicy
import Testing

/// Thresholds of complaints, and what follows from reports (DESIGN §6).
@Suite struct AccountRuleTests {
  private let policy = RestrictionPolicy()

  @Test(
    arguments: [
      (AccountStanding.good, 0, nil), (.good, 2, nil), (.good, 3, .flagged), (.good, 4, .flagged),
      (.good, 5, .restricted),
      (.good, 6, .restricted), (.flagged, 2, nil), (.flagged, 3, nil), (.flagged, 4, nil), (.flagged, 5, .restricted),
      (.restricted, 0, nil), (.restricted, 3, nil), (.restricted, 5, nil), (.restricted, 99, nil),
    ] as [(AccountStanding, Int, AccountStanding?)])
  func `3 complaints flag, 5 restrict, and nothing loosens by itself`(
    current: AccountStanding, complaints: Int, expected: AccountStanding?
  ) {
    #expect(policy.standing(current: current, complaints: complaints) == expected)
  }

  @Test func `the window is 30 days, to the microsecond`() {
    let now = Timestamp(seconds: 10_000_000)
    #expect(policy.windowStart(now: now) == now - .days(30))
    #expect(RestrictionPolicy(window: .days(7)).windowStart(now: now) == now - .days(7))
  }

  @Test func `reasons name the count, the window and the threshold`() {
    #expect(policy.reason(for: .flagged, complaints: 4) == "4 complaints in 30 days (threshold 3)")
    #expect(policy.reason(for: .restricted, complaints: 5) == "5 complaints in 30 days (threshold 5)")
  }

  private static let hard = ReportedRecipient(action: .failed, bounceClass: .hard)
  private static let suppressBounce = ReportConsequence.suppress(recipient: "a@b.invalid", reason: "hard bounce")
  private static let suppressComplaint = ReportConsequence.suppress(
    recipient: "a@b.invalid", reason: "complaint", scope: .sender)

  @Test(
    arguments: [
      (ReportKind.bounce, hard, MessageState.sent, [suppressBounce, .advance(.bounced)]),
      (.bounce, hard, .uncertain, [.settleSent, suppressBounce, .advance(.bounced)]),
      (
        .bounce, ReportedRecipient(action: .failed, bounceClass: .soft), .sent,
        [.countSoft(count: 1, limit: 3), .advance(.bounced)]
      ),
      (.bounce, ReportedRecipient(action: .failed, bounceClass: .block), .sent, [.raiseBlock, .advance(.bounced)]),
      (.bounce, ReportedRecipient(action: .failed, bounceClass: .unknown), .sent, [.advance(.bounced)]),
      (.bounce, nil, .sent, [.advance(.bounced)]),
      (.delay, ReportedRecipient(action: .delayed), .sent, [.advance(.delayed)]),
      (.delay, ReportedRecipient(action: .delayed, bounceClass: .hard), .sent, [.advance(.delayed)]),
      (.delay, ReportedRecipient(action: .delayed), .uncertain, [.settleSent, .advance(.delayed)]),
      (.complaint, nil, .sent, [suppressComplaint, .countComplaint, .advance(.complained)]),
      (.complaint, nil, .uncertain, [.settleSent, suppressComplaint, .countComplaint, .advance(.complained)]),
      (.autoReply, nil, .sent, []), (.reply, nil, .uncertain, [.settleSent, .advance(.replied)]),
      (.other, nil, .uncertain, []), (.other, ReportedRecipient(action: .failed), .uncertain, []),
      (.other, ReportedRecipient(action: .delivered), .uncertain, [.settleSent, .advance(.delivered)]),
      (.other, ReportedRecipient(action: .relayed), .uncertain, [.settleSent]),
      (.other, ReportedRecipient(action: .delivered), .sent, [.advance(.delivered)]),
    ] as [(ReportKind, ReportedRecipient?, MessageState, [ReportConsequence])])
  func `a proven report`(
    kind: ReportKind, recipient: ReportedRecipient?, state: MessageState, expected: [ReportConsequence]
  ) {
    for correlation in Correlation.allCases.filter(\.isProof) {
      let got = ReportPolicy.consequences(
        kind: kind, recipient: recipient, correlation: correlation, messageState: state, sentTo: "a@b.invalid",
        enqueuedAt: Timestamp(seconds: 0), now: Timestamp(seconds: 60))
      #expect(got == expected)
    }
  }

  @Test(arguments: ReportKind.allCases, [Correlation.recipient, .none])
  func `fault 29: an unproven report only goes to triage`(kind: ReportKind, correlation: Correlation) {
    for state in [MessageState.sent, .uncertain] {
      let got = ReportPolicy.consequences(
        kind: kind, recipient: AccountRuleTests.hard, correlation: correlation, messageState: state,
        sentTo: "a@b.invalid", enqueuedAt: Timestamp(seconds: 0), now: Timestamp(seconds: 60))
      #expect(got == ([.bounce, .complaint, .delay].contains(kind) ? [.triage] : []))
    }
  }

  @Test func `proof of a message that is not known any more is no proof`() {
    let got = ReportPolicy.consequences(
      kind: .bounce, recipient: AccountRuleTests.hard, correlation: .token, messageState: nil, sentTo: nil,
      enqueuedAt: nil, now: Timestamp(seconds: 60))
    #expect(got == [.triage])
  }
}
