import MailModel
import MailPolicy

/// Where a number on screen comes from, in words and with its parts.
public struct Provenance: Sendable, Equatable {
  public var number: String
  public var value: String
  public var source: String

  public init(number: String, value: String, source: String) {
    self.number = number
    self.value = value
    self.source = source
  }

  /// One entry for every number of the header.
  public static func all(_ overview: Overview) -> [Provenance] {
    let states = MessageState.allCases.map { state in
      Provenance(
        number: state.rawValue, value: "\(overview.queue[state] ?? 0)",
        source: "counter message.\(state.rawValue), kept by the store in the transaction of every change")
    }
    let others = [
      "suppression", "report.unmatched", "complaint", "bounce", "account.flagged", "account.restricted", "inbox",
      "inbox.paused", "inbox.unhealthy",
    ].map {
      Provenance(number: $0, value: "\(overview.counters[$0] ?? 0)", source: "counter \($0), kept by the store")
    }
    return [sendState(overview)] + control(overview) + relays(overview) + rates(overview) + mailboxes(overview) + states
      + others
  }

  private static func sendState(_ overview: Overview) -> Provenance {
    Provenance(
      number: "send state", value: overview.stopState,
      source: overview.permit.map {
        "permit row, generation \($0.generation), since \(Clockface.text($0.changedAt)) by \($0.changedBy): \($0.reason)"
          + ($0.lastAcceptedAt.map { "; last acceptance \(Clockface.text($0))" } ?? "; nothing accepted yet")
      } ?? "the permit row cannot be read: stopped")
  }

  private static func rates(_ overview: Overview) -> [Provenance] {
    let vitals = overview.vitals
    let since = Clockface.text(overview.takenAt - VitalsReading.window)
    func limits(_ threshold: Threshold) -> String {
      "limits \(Percent.text(threshold.warning)) and \(Percent.text(threshold.critical)); table tally"
    }
    func rate(_ name: String, _ value: Double?, _ source: String) -> Provenance {
      Provenance(number: name, value: value.map(Percent.text) ?? "no base yet", source: source)
    }
    return [
      rate(
        "bounce rate", vitals.bounceRate,
        "(\(vitals.refused) refused + \(vitals.bounced) bounced) / \(vitals.concluded) with a definite reply, "
          + "since \(since); \(limits(overview.thresholds.bounceRate))"),
      rate(
        "complaint rate", vitals.complaintRate,
        "\(Amount.words(vitals.complained, "complaint")) / \(vitals.accepted) accepted, since \(since); "
          + limits(overview.thresholds.complaintRate)),
      rate(
        "delivery rate", vitals.deliveryRate,
        "what did not bounce of the same \(vitals.concluded); accepted is not delivered: only a report says so"),
    ]
  }
}
