public import MailModel

/// What the outcome of an attempt does to the message.
public struct OutcomeConsequence: Sendable, Equatable {
  public var transition: MessageTransition
  /// In words, kept with the message.
  public var reason: String
  /// `nil`: due at once again.
  public var nextAttemptAt: Timestamp?
  /// Whether the retry schedule counts this attempt.
  public var countsAttempt: Bool
}

/// What becomes of a message after an attempt. A relay that could not be used rests where the attempt is recorded.
public enum OutcomeRule {
  /// - Parameters:
  ///   - wasArmed: whether this attempt's arm was committed; decides which arrow leads back to the queue.
  ///   - attemptCount: attempts counted before this one.
  ///   - jitter: 0 ..< 1; drawn only where a retry needs it.
  public static func consequence(
    of outcome: DeliveryOutcome, wasArmed: Bool, attemptCount: Int, enqueuedAt: Timestamp, schedule: RetrySchedule,
    now: Timestamp, jitter: @autoclosure () -> Double
  ) -> OutcomeConsequence {
    switch outcome {
    case .accepted(let reply):
      OutcomeConsequence(
        transition: .accept, reason: words(reply), nextAttemptAt: nil, countsAttempt: true)
    case .refused(let reply, let stage):
      OutcomeConsequence(
        transition: .refuse, reason: "\(words(reply)) (at \(stage.rawValue.uppercased()))", nextAttemptAt: nil,
        countsAttempt: true)
    case .deferred(let reply, let stage):
      deferral(
        reply, at: stage, wasArmed: wasArmed, attemptCount: attemptCount, enqueuedAt: enqueuedAt, schedule: schedule,
        now: now, jitter: jitter)
    case .interrupted(let reason, let stage):
      retry(
        reason: "\(reason) (at \(stage.rawValue.uppercased()), before the final dot)", wasArmed: wasArmed,
        attemptCount: attemptCount, enqueuedAt: enqueuedAt, schedule: schedule, now: now, jitter: jitter)
    case .relayUnavailable(let reason, _, _):
      OutcomeConsequence(
        transition: wasArmed ? .deferArmed : .giveBack, reason: reason, nextAttemptAt: nil, countsAttempt: false)
    case .withdrawn:
      OutcomeConsequence(
        transition: wasArmed ? .deferArmed : .giveBack, reason: "withdrawn before the final dot", nextAttemptAt: nil,
        countsAttempt: false)
    case .uncertain(let reason):
      OutcomeConsequence(
        transition: .doubt, reason: reason, nextAttemptAt: nil, countsAttempt: true)
    }
  }

  private static func deferral(
    _ reply: ServerReply, at stage: DeliveryStage, wasArmed: Bool, attemptCount: Int, enqueuedAt: Timestamp,
    schedule: RetrySchedule, now: Timestamp, jitter: () -> Double
  ) -> OutcomeConsequence {
    let retryClass = schedule.retryClass(of: reply)
    return retry(
      reason: (retryClass.map { "\($0.name): " } ?? "") + "\(words(reply)) (at \(stage.rawValue.uppercased()))",
      wasArmed: wasArmed, attemptCount: attemptCount, enqueuedAt: enqueuedAt, schedule: schedule.with(retryClass),
      now: now, jitter: jitter)
  }

  private static func retry(
    reason: String, wasArmed: Bool, attemptCount: Int, enqueuedAt: Timestamp, schedule: RetrySchedule, now: Timestamp,
    jitter: () -> Double
  ) -> OutcomeConsequence {
    let next = schedule.nextAttempt(
      afterAttempt: attemptCount + 1, enqueuedAt: enqueuedAt, now: now, jitter: jitter())
    guard let next else {
      return OutcomeConsequence(
        transition: .giveUp, reason: "\(reason); given up, its maximum age comes before another try",
        nextAttemptAt: nil,
        countsAttempt: true)
    }
    return OutcomeConsequence(
      transition: wasArmed ? .deferArmed : .deferLeased, reason: reason, nextAttemptAt: next, countsAttempt: true)
  }

  /// Reply code, enhanced status code and text, each once: most servers repeat the status in their text.
  public static func words(_ reply: ServerReply) -> String {
    let text = reply.text.isEmpty ? "" : " \(reply.text)"
    guard let status = reply.enhancedStatus?.description, !reply.text.hasPrefix(status) else {
      return "\(reply.code)\(text)"
    }
    return "\(reply.code) \(status)\(text)"
  }
}
