import MailModel
import MailPolicy
import Testing

/// When what bounced softly goes out once more: only what provenly reached nobody, for a reason that passes, and in time.
@Suite struct SoftRetryTests {
  private static let full = ReportedRecipient(
    finalRecipient: "A@b.invalid", action: .failed, bounceClass: .soft, reason: "mailbox full", mayPass: true)

  private static func full(_ change: (inout ReportedRecipient) -> Void) -> ReportedRecipient {
    var recipient = full
    change(&recipient)
    return recipient
  }

  private func retries(
    _ recipient: ReportedRecipient, kind: ReportKind = .bounce, state: MessageState = .sent,
    correlation: Correlation = .token, hours: Int64 = 1, softBounces: Int = 1,
    settings: ReportPolicySettings = ReportPolicySettings()
  ) -> [ReportConsequence] {
    let enqueued = Timestamp(seconds: 1_000)
    return ReportPolicy.consequences(
      kind: kind, recipient: recipient, correlation: correlation, messageState: state, sentTo: "a@B.invalid",
      enqueuedAt: enqueued, now: enqueued + .hours(hours), softBounces: softBounces, settings: settings
    ).filter { if case .retry = $0 { true } else { false } }
  }

  @Test func `a full mailbox is tried again after a day`() {
    #expect(retries(SoftRetryTests.full) == [.retry(after: .hours(24))])
    #expect(retries(SoftRetryTests.full, correlation: .person) == [.retry(after: .hours(24))])
    let original = SoftRetryTests.full {
      $0.originalRecipient = $0.finalRecipient
      $0.finalRecipient = nil
    }
    #expect(retries(original).count == 1)
  }

  @Test(arguments: [
    full { $0.mayPass = false }, full { $0.bounceClass = .hard }, full { $0.bounceClass = .block },
    full { $0.bounceClass = .unknown },
    // Passed on to somebody else: others may have got it.
    full { $0.finalRecipient = "forwarded@c.invalid" },
    full {
      $0.originalRecipient = "a@b.invalid"
      $0.finalRecipient = "forwarded@c.invalid"
    },
    full { $0.finalRecipient = nil },
  ])
  func `what will not pass, or may have reached somebody, is not`(recipient: ReportedRecipient) {
    #expect(retries(recipient) == [])
  }

  @Test func `nor is doubt, a delay, what nobody proved, or what would come too late`() {
    let full = SoftRetryTests.full
    #expect(retries(full, state: .uncertain) == [] && retries(full, state: .failed) == [])
    #expect(retries(full, kind: .delay) == [])
    #expect(retries(full, correlation: .recipient) == [] && retries(full, correlation: .none) == [])
    #expect(retries(full, hours: 5 * 24 - 25).count == 1 && retries(full, hours: 4 * 24) == [])
    #expect(retries(full, softBounces: 2).count == 1 && retries(full, softBounces: 3) == [])
    #expect(retries(full, settings: ReportPolicySettings(softRetryDelay: nil)) == [])
  }
}
