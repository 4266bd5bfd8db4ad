import MailModel
import Storage

extension Operation {
  /// How much one run of an engine may send.
  static let runOperations: [Operation] = [limitRun]

  private static let limitRun = Operation(
    id: "run.limit", title: "Limit each run",
    help:
      "Lets one run of an engine send at most so many messages, also one that is under way; above MAX_EMAILS_PER_RUN. Set it low before resuming and raise it step by step.",
    target: .none,
    arguments: [
      Argument(
        "most", "A number of messages; 0 for no limit, 'default' for what the configuration says.",
        read: { text, _ in _ = try most(text) }),
      .optionalReason,
    ],
    role: .operator, confirmation: .yesNo, disabledReason: { _ in nil },
    preview: { transaction, context, request in
      let most = try most(request.arguments["most"] ?? "")
      let before = try transaction.runs.limit().map { "now \(words($0.most)), set by \($0.setBy)" }
      let runs = try transaction.runs.living(now: context.now).map { "run of \($0.owner): \(RunWords.line($0.fact))" }
      return Preview(
        summary: most.map { "one run sends \(words($0))" } ?? "one run sends what MAX_EMAILS_PER_RUN says",
        lines: [before ?? "now what MAX_EMAILS_PER_RUN says"] + runs)
    },
    effect: { transaction, context, request in
      let most = try most(request.arguments["most"] ?? "")
      let before = try transaction.runs.limit()?.most
      try transaction.runs.setLimit(most, by: context.actor.name, now: context.now)
      return Effect(
        most.map { "one run sends \(words($0))" } ?? "one run sends what MAX_EMAILS_PER_RUN says", subject: "run",
        details: ["before": before.map(String.init) ?? "default", "after": most.map(String.init) ?? "default"])
    })

  private static func words(_ most: Int) -> String {
    most == 0 ? "as many as the other limits allow" : "at most \(most)"
  }

  /// - Returns: `nil` for what the configuration says.
  private static func most(_ text: String) throws -> Int? {
    if text == "default" { return nil }
    return Int(try Argument.number(text, in: 0...10_000_000, expected: "a number of messages, 0 or 'default'"))
  }
}
