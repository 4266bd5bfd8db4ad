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
    let vitals = overview.vitals
    let thresholds = overview.thresholds
    let since = Clockface.text(overview.takenAt - VitalsReading.window)
    let rates = [
      Provenance(
        number: "bounce rate", value: vitals.bounceRate.map(Percent.text) ?? "no base yet",
        source:
          "(\(vitals.refused) refused + \(vitals.bounced) bounced) / \(vitals.concluded) with a definite reply, since \(since); "
          + "limits \(Percent.text(thresholds.bounceRate.warning)) and \(Percent.text(thresholds.bounceRate.critical)); table tally"
      ),
      Provenance(
        number: "complaint rate", value: vitals.complaintRate.map(Percent.text) ?? "no base yet",
        source: "\(vitals.complained) complaints / \(vitals.accepted) accepted, since \(since); "
          + "limits \(Percent.text(thresholds.complaintRate.warning)) and \(Percent.text(thresholds.complaintRate.critical)); table tally"
      ),
      Provenance(
        number: "delivery rate", value: vitals.deliveryRate.map(Percent.text) ?? "no base yet",
        source: "what did not bounce of the same \(vitals.concluded); accepted is not delivered: only a report says so"),
    ]
    let states = MessageState.allCases.map { state in
      Provenance(
        number: state.rawValue, value: "\(overview.queue[state] ?? 0)",
        source: "counter message.\(state.rawValue), kept by the store in the transaction of every change")
    }
    let stop = Provenance(
      number: "send state", value: overview.stopState,
      source: overview.permit.map {
        "permit row, generation \($0.generation), since \(Clockface.text($0.changedAt)) by \($0.changedBy): \($0.reason)"
          + ($0.lastAcceptedAt.map { "; last acceptance \(Clockface.text($0))" } ?? "; nothing accepted yet")
      } ?? "the permit row cannot be read: stopped")
    let others = [
      "suppression", "report.unmatched", "complaint", "bounce", "account.flagged", "account.restricted", "inbox",
      "inbox.paused", "inbox.unhealthy",
    ].map {
      Provenance(number: $0, value: "\(overview.counters[$0] ?? 0)", source: "counter \($0), kept by the store")
    }
    return [stop] + control(overview) + relays(overview) + rates + mailboxes(overview) + states + others
  }
}
