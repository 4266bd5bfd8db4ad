public import MailModel

/// What follows from one reported recipient.
public enum ReportConsequence: Sendable, Equatable {
  /// The recipient gets no more mail.
  case suppress(recipient: String, reason: String)
  /// The complaint counts against the sending account.
  case countComplaint
  /// Evidence about an uncertain message: it did reach a server.
  case settleSent
  /// Kept in Unmatched: not proven to be about mail of ours.
  case triage
}

/// From a classified, correlated report to its consequences (DESIGN §6). Pure: the engine applies them.
public enum ReportPolicy {
  /// - Parameters:
  ///   - correlation: only a token or a Message-ID of ours is proof; a forged report suppresses and restricts no one.
  ///   - messageState: the state of the message the report is about.
  ///   - sentTo: the envelope recipient of that message; what we suppress is what we sent to.
  public static func consequences(
    kind: ReportKind, recipient: ReportedRecipient?, correlation: Correlation, messageState: MessageState?,
    sentTo: String?
  ) -> [ReportConsequence] {
    guard correlation.isProof, let sentTo else {
      return kind == .bounce || kind == .complaint || kind == .delay ? [.triage] : []
    }
    // A report of success is the best evidence there is, even though nothing else follows from it.
    let isEvidence = kind != .other || recipient?.action.map { $0 != .failed && $0 != .delayed } ?? false
    var consequences: [ReportConsequence] = messageState == .uncertain && isEvidence ? [.settleSent] : []
    switch kind {
    case .bounce:
      if recipient?.bounceClass == .hard {
        consequences.append(.suppress(recipient: sentTo, reason: "hard bounce"))
      }
    case .complaint:
      consequences.append(.suppress(recipient: sentTo, reason: "complaint"))
      consequences.append(.countComplaint)
    case .delay, .autoReply, .reply, .other:
      break
    }
    return consequences
  }
}
