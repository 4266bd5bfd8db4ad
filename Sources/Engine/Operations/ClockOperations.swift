public import MailModel
import Storage

extension Operation {
  static let clockOperations: [Operation] = [confirmClock]

  private static let confirmClock = Operation(
    id: "clock.confirm", title: "Confirm the clock",
    help:
      "After a jump of the machine's clock: says that it is right now. Until then time goes on from before the jump, nothing expires and nothing is due early.",
    target: .none, arguments: [.reason], role: .operator, confirmation: .typed("RIGHT"), disabledReason: { _ in nil },
    preview: { transaction, context, _ in
      guard let jump = context.clock.steady?.jump else {
        return Preview(summary: "the clock has not jumped", isEmpty: true)
      }
      let old = try transaction.clockMarks.queued(before: jump.wall - context.maximumAge)
      return Preview(
        summary:
          "it is \(Clockface.text(jump.wall)), not \(Clockface.text(jump.counted)) (\(ClockWords.span(jump.by)))",
        lines: [
          "\(Amount.atMost(old)) queued messages are older than the maximum age then, and expire",
          "what waits for a moment (retries, limits, pauses) is due by the machine's clock from then on",
        ])
    },
    effect: { transaction, context, _ in
      guard let clock = context.clock.steady, let jump = clock.jump else {
        throw OperationRefusal.notNow("the clock has not jumped")
      }
      let mark = clock.confirmation(by: context.actor.name)
      try transaction.clockMarks.write(mark)
      let leases = try transaction.clockMarks.shiftLeases(by: jump.by)
      return Effect(
        "it is \(Clockface.text(jump.wall))", subject: "clock",
        details: [
          "before": Clockface.utc(jump.counted), "after": Clockface.utc(jump.wall), "leases moved": "\(leases)",
        ],
        afterCommit: { clock.follow(mark) })
    })
}

/// Jumps of the clock in words.
public enum ClockWords {
  /// `365 d ahead`.
  public static func span(_ by: Span) -> String {
    "\(by.words) \(by.microseconds < 0 ? "behind" : "ahead")"
  }
}
