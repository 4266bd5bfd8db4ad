public import MailModel

/// Numbers and choices of what follows from reports; every one of them is configuration.
public struct ReportPolicySettings: Sendable, Equatable {
  /// Messages to one recipient that bounced softly within ``softWindow`` and suppress it.
  public var softBounces: Int
  public var softWindow: Span
  /// How long such a suppression lasts; `nil` for ever.
  public var softLifetime: Span?
  /// How long after a soft bounce that may pass the message is tried again (runbook 2); `nil` for never.
  public var softRetryDelay: Span?
  /// A message that would be older by then is not.
  public var maximumAge: Span
  /// Whom a complaint keeps from mailing the recipient again.
  public var complaintScope: SuppressionScope
  /// Accounts that policy restricts within an hour at the most: a storm of reports must not stop a whole team (fault 30).
  public var restrictionsPerHour: Int

  public init(
    softBounces: Int = 3, softWindow: Span = .days(14), softLifetime: Span? = .days(30),
    softRetryDelay: Span? = .hours(24), maximumAge: Span = .days(5),
    complaintScope: SuppressionScope = .sender, restrictionsPerHour: Int = 10
  ) {
    self.softBounces = softBounces
    self.softWindow = softWindow
    self.softLifetime = softLifetime
    self.softRetryDelay = softRetryDelay
    self.maximumAge = maximumAge
    self.complaintScope = complaintScope
    self.restrictionsPerHour = restrictionsPerHour
  }
}

/// Whose mail a suppression stops.
public enum SuppressionScope: String, Sendable, CaseIterable {
  /// Only that of the account the report is about.
  case sender
  case everyone
}

/// What follows from one reported recipient.
public enum ReportConsequence: Sendable, Equatable {
  /// The recipient gets no more mail: of anybody or of this sender, for ever or for a while.
  case suppress(recipient: String, reason: String, scope: SuppressionScope = .everyone, lifetime: Span? = nil)
  /// A soft bounce that is not enough to suppress yet: `count` of `limit`.
  case countSoft(count: Int, limit: Int)
  /// What bounced softly goes out once more, as a new message.
  case retry(after: Span)
  /// Refused for policy or reputation: says nothing about the address, much about our sending (runbook 2).
  case raiseBlock
  /// The complaint counts against the sending account.
  case countComplaint
  /// Evidence about an uncertain message: it did reach a server.
  case settleSent
  /// How far the message came.
  case advance(MessageStage)
  /// Kept in Unmatched: not proven to be about mail of ours.
  case triage
}

/// From a classified, correlated report to its consequences (DESIGN §6). Pure: the engine applies them.
public enum ReportPolicy {
  /// - Parameters:
  ///   - correlation: only a token, an id of ours or a person's word is proof; a forged report suppresses and restricts
  ///     no one.
  ///   - messageState: the state of the message the report is about.
  ///   - sentTo: the envelope recipient of that message; what we suppress is what we sent to.
  ///   - enqueuedAt: when that message was enqueued; `nil` where it must not be tried again.
  ///   - softBounces: messages to it that bounced softly in the window, this one included.
  public static func consequences(
    kind: ReportKind, recipient: ReportedRecipient?, correlation: Correlation, messageState: MessageState?,
    sentTo: String?, enqueuedAt: Timestamp?, now: Timestamp, softBounces: Int = 1,
    settings: ReportPolicySettings = ReportPolicySettings()
  ) -> [ReportConsequence] {
    guard correlation.isProof, let sentTo else {
      return kind == .bounce || kind == .complaint || kind == .delay ? [.triage] : []
    }
    // A report of success is the best evidence there is, even though nothing else follows from it.
    let isSuccess = recipient?.action.map { $0 != .failed && $0 != .delayed } ?? false
    let isEvidence = kind != .other || isSuccess
    var consequences: [ReportConsequence] = messageState == .uncertain && isEvidence ? [.settleSent] : []
    switch kind {
    case .bounce:
      let retry = retry(recipient, (messageState, sentTo, enqueuedAt), settings, now: now)
      consequences += bounce(recipient?.bounceClass, sentTo, softBounces, retry, settings)
    case .complaint:
      consequences += [
        .suppress(recipient: sentTo, reason: "complaint", scope: settings.complaintScope), .countComplaint,
        .advance(.complained),
      ]
    case .reply: consequences.append(.advance(.replied))
    case .delay: consequences.append(.advance(.delayed))
    case .other where recipient?.action == .delivered: consequences.append(.advance(.delivered))
    case .autoReply, .other: break
    }
    return consequences
  }

  /// Hard: never again. Soft: tried again, and suppressed for a while when it keeps happening. Block: the address is
  /// innocent.
  private static func bounce(
    _ bounceClass: BounceClass?, _ sentTo: String, _ softBounces: Int, _ retry: ReportConsequence?,
    _ settings: ReportPolicySettings
  ) -> [ReportConsequence] {
    switch bounceClass {
    case .hard: [.suppress(recipient: sentTo, reason: "hard bounce"), .advance(.bounced)]
    case .soft where softBounces >= settings.softBounces:
      [
        .suppress(recipient: sentTo, reason: "soft bounces", lifetime: settings.softLifetime), .advance(.bounced),
      ]
    case .soft:
      [.countSoft(count: softBounces, limit: settings.softBounces), retry, .advance(.bounced)].compactMap(\.self)
    case .block: [.raiseBlock, .advance(.bounced)]
    case .unknown, nil: [.advance(.bounced)]
    }
  }

  /// Only where the report proves that nobody got it: it names the very address that we sent to, not one that mail was
  /// passed on to, and there was no doubt about the message.
  private static func retry(
    _ recipient: ReportedRecipient?, _ message: (state: MessageState?, recipient: String, enqueuedAt: Timestamp?),
    _ settings: ReportPolicySettings, now: Timestamp
  ) -> ReportConsequence? {
    guard let delay = settings.softRetryDelay, let recipient, recipient.mayPass, message.state == .sent,
      (recipient.finalRecipient ?? recipient.originalRecipient)?.lowercased() == message.recipient.lowercased(),
      let enqueuedAt = message.enqueuedAt, now + delay < enqueuedAt + settings.maximumAge
    else { return nil }
    return .retry(after: delay)
  }
}
