public import MailModel

/// What is known about an unmatched report, for comparing it with messages.
public struct ReportEvidence: Sendable, Equatable {
  public var receivedAt: Timestamp
  /// Addresses that it names, lower case.
  public var recipients: [String]
  public var subject: String
  /// Text of the report in lower case, bounded: what it quotes of the message may be in it.
  public var text: String
  public var reportingMTA: String?
  /// Addresses it was sent to, lower case.
  public var sentTo: [String]

  public init(
    receivedAt: Timestamp, recipients: [String], subject: String, text: String, reportingMTA: String?, sentTo: [String]
  ) {
    self.receivedAt = receivedAt
    self.recipients = recipients
    self.subject = subject
    self.text = text
    self.reportingMTA = reportingMTA
    self.sentTo = sentTo
  }
}

/// Orders the messages that a report may be about. A help for a person, never a proof. Pure.
public enum CandidateRanking {
  /// A message that scores less is no candidate.
  public static let threshold = 20

  /// - Parameter relayOf: `host:port` of the relay that took the message, when known.
  /// - Returns: best first, at most `limit`.
  public static func rank(
    _ evidence: ReportEvidence, _ messages: [Message], relayOf: [Message.ID: String] = [:], limit: Int = 10
  ) -> [RankedCandidate] {
    let candidates = messages.compactMap { message -> RankedCandidate? in
      let marks = marks(evidence, message, relay: relayOf[message.id]).sorted { $0.weight > $1.weight }
      let score = marks.reduce(0) { $0 + $1.weight }
      guard score >= threshold else { return nil }
      return RankedCandidate(message: message, score: score, reasons: marks.map(\.reason))
    }
    return Array(candidates.sorted { ($1.score, $1.message.id) < ($0.score, $0.message.id) }.prefix(limit))
  }

  private struct Mark {
    var weight: Int
    var reason: String
  }

  private static func marks(_ evidence: ReportEvidence, _ message: Message, relay: String?) -> [Mark] {
    var marks: [Mark] = []
    let recipient = message.recipient.lowercased()
    let domain = recipient.split(separator: "@").last.map(String.init) ?? ""
    if evidence.recipients.contains(recipient) {
      marks.append(Mark(weight: 50, reason: "same recipient"))
    } else if evidence.text.contains(recipient) {
      marks.append(Mark(weight: 40, reason: "its text names the recipient"))
    } else if evidence.recipients.contains(where: { $0.hasSuffix("@" + domain) }) {
      marks.append(Mark(weight: 12, reason: "same domain"))
    }
    if evidence.text.contains(message.messageID.lowercased()) {
      marks.append(Mark(weight: 40, reason: "its text cites the Message-ID"))
    }
    if let subject = subjectMark(evidence, message) { marks.append(subject) }
    if let time = timeMark(evidence.receivedAt, message.stateChangedAt) { marks.append(time) }
    if let relay, let mta = evidence.reportingMTA?.lowercased(), sameHost(relay, mta) {
      marks.append(Mark(weight: 8, reason: "reported by the relay that took it"))
    }
    let senders = [message.accountAddress.lowercased(), message.envelopeSender.lowercased()]
    if let sender = senders.first(where: evidence.sentTo.contains) {
      marks.append(Mark(weight: 8, reason: "sent to its sender \(sender)"))
    }
    // A sender and a time fit every message of the hour: without anything of the message itself it is no candidate.
    let isAboutIt = marks.contains { $0.weight >= 12 && !$0.reason.hasPrefix("sent ") }
    return isAboutIt ? marks : []
  }

  private static func subjectMark(_ evidence: ReportEvidence, _ message: Message) -> Mark? {
    let subject = message.subject.lowercased()
    guard subject.count >= 4 else { return nil }
    if evidence.subject.lowercased().contains(subject) { return Mark(weight: 25, reason: "its subject quotes ours") }
    return evidence.text.contains(subject) ? Mark(weight: 20, reason: "its text quotes our subject") : nil
  }

  /// Most reports come within minutes; none comes before the message.
  private static func timeMark(_ received: Timestamp, _ sent: Timestamp) -> Mark? {
    let distance = received - sent
    if distance.microseconds < 0 { return nil }
    for (limit, weight) in [(Span.minutes(10), 20), (.hours(1), 15), (.hours(24), 10), (.days(5), 5)]
    where distance <= limit {
      return Mark(weight: weight, reason: "sent \(distance.words) before")
    }
    return nil
  }

  private static func sameHost(_ relay: String, _ mta: String) -> Bool {
    let host = relay.lowercased().split(separator: ":").dropLast().joined(separator: ":")
    return !host.isEmpty && (mta == host || mta.hasSuffix("." + host))
  }
}
