import MailFormats
import MailModel
import MailPolicy
import Storage

/// What a group of results adds to the histograms and reasons: gathered first, so that a group costs a few rows.
struct InsightRecord {
  private struct Bin: Hashable {
    var stage: LatencyStage
    var index: Int
  }

  private var latencies: [Bin: Int] = [:]
  private var reasons: [DeliveryReason: Int] = [:]

  mutating func note(_ attempt: Attempt, recipient: String, enqueuedAt: Timestamp) {
    if let replied = attempt.repliedAt {
      if let rendered = attempt.renderedAt {
        add(.total, replied - rendered)
        if let armed = attempt.armedAt { add(.arm, armed - rendered) }
      }
      if let armed = attempt.armedAt { add(.reply, replied - armed) }
      if attempt.outcome == DeliveryOutcome.acceptedName { add(.queue, replied - enqueuedAt) }
    }
    guard attempt.outcome != DeliveryOutcome.acceptedName else { return }
    let reason = DeliveryReason(
      domain: Destination.domain(of: recipient), outcome: attempt.outcome, replyCode: attempt.replyCode,
      enhancedStatus: attempt.enhancedStatus?.description ?? "", shape: ReplyShape.of(attempt.text))
    reasons[reason, default: 0] += 1
  }

  private mutating func add(_ stage: LatencyStage, _ span: Span) {
    latencies[Bin(stage: stage, index: LatencyBins.index(of: span)), default: 0] += 1
  }

  func write(at now: Timestamp, in transaction: Transaction) throws {
    for (bin, count) in latencies {
      try transaction.latencies.add(stage: bin.stage.rawValue, bin: bin.index, count: count, at: now)
    }
    for (reason, count) in reasons { try transaction.deliveryReasons.add(reason, count: count, at: now) }
  }
}
