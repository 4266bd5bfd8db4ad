import MailFormats
import MailModel
import MailPolicy
import Storage

extension Operation {
  static let reportOperations: [Operation] = [match, dismissUnmatched, makeRule, removeRule, reprocess, classifyReply]

  private static let match = Operation(
    id: "unmatched.match", title: "Match to a message",
    help:
      "You say which message an unmatched report or answer is about; its consequences are applied and marked as matched by hand.",
    target: .report,
    arguments: [
      Argument(
        "message", "The message's number; empty for the best candidate.", isRequired: false,
        read: { text, _ in _ = try ReportMatching.number(text, of: "a message") }), .optionalReason,
    ], role: .operator, confirmation: .yesNo, disabledReason: isTied,
    preview: { transaction, context, request in
      let processing = try ReportMatching.processing(transaction, context)
      var forecast = EventForecast(settings: processing.settings, now: context.now)
      var lines: [String] = []
      for target in request.targets {
        let report = try target.matchable(in: transaction)
        let candidates = try ReportMatching.candidates(report, processing)
        let message = try ReportMatching.message(for: report, request, transaction) { candidates }
        let reading = try ReportMatching.reading(report, processing)
        lines.append("report \(report.id) (\(reading.report.kind.rawValue), \(report.subject))")
        lines.append("message \(message.id) to \(message.recipient): \(message.subject)")
        lines.append("why: \(ReportMatching.reasons(message, candidates))")
        if reading.report.kind == .reply { lines.append("recorded as a reply to that message") }
        try forecast.note(reading, given: message, processing)
      }
      let (consequences, accounts) = forecast.words
      return Preview(
        summary: "matches \(Amount.words(request.targets.count, "report")) by hand: \(consequences)",
        lines: accounts + lines)
    },
    effect: { transaction, context, request in
      let processing = try ReportMatching.processing(transaction, context)
      var subjects: [String] = []
      var summary = IntakeSummary()
      for target in request.targets {
        let report = try target.matchable(in: transaction)
        let message = try ReportMatching.message(for: report, request, transaction) {
          try ReportMatching.candidates(report, processing)
        }
        let reading = try ReportMatching.reading(report, processing)
        try transaction.reports.forgetUnproven(report.id)
        guard
          try transaction.reports.handle(
            report.id, version: report.version, words: "matched to message \(message.id) by \(context.actor.name)")
        else { throw OperationRefusal.changed("report \(report.id) changed meanwhile; look again") }
        summary.add(try processing.process(report.id, reading, given: message))
        subjects.append("report:\(report.id)>message:\(message.id)")
      }
      summary.add(try processing.group.finish())
      return Effect(
        "\(request.targets.count) matched by hand; \(summary.consequences)"
          + (summary.unmatched.isEmpty ? "" : "; names others besides, who wait in Unmatched"),
        subject: subjects.joined(separator: ","),
        changed: request.targets.count)
    })

  private static let dismissUnmatched = Operation(
    id: "unmatched.dismiss", title: "Dismiss report",
    help:
      "Takes a report out of Unmatched: nothing follows from it. The filter 'handled' finds it, reading it again brings it back.",
    target: .report,
    arguments: [.optionalReason], role: .operator, confirmation: .none, disabledReason: isNotUnmatched,
    preview: { _, _, request in Preview(summary: "dismisses \(Amount.words(request.targets.count, "unmatched report"))")
    },
    effect: { transaction, context, request in
      for target in request.targets {
        let report = try target.unmatched(in: transaction)
        guard
          try transaction.reports.handle(
            report.id, version: report.version, words: "dismissed by \(context.actor.name)\(request.because)")
        else { throw OperationRefusal.changed("report \(report.id) changed meanwhile; look again") }
      }
      return Effect(
        "\(request.targets.count) dismissed", subject: request.subject("report"),
        changed: request.targets.count)
    })

  private static let makeRule = Operation(
    id: "unmatched.make-rule", title: "Make a rule of it",
    help:
      "Mails of this sender with this subject are dismissed, or taken as autoreply, reply or other, from now on. Never stands against proof.",
    target: .report,
    arguments: [
      Argument(
        "verdict", "dismiss, autoreply, reply or other.", isRequired: false,
        choices: ReportRule.Verdict.allCases.map(\.rawValue)),
      Argument("subject", "What the subject must contain; empty for its own, '*' for any.", isRequired: false),
    ], role: .operator, confirmation: .yesNo, disabledReason: isNotUnmatched,
    parts: { _, request in try RuleMaking(request) })

  private static let removeRule = Operation(
    id: "unmatched.remove-rule", title: "Remove a rule",
    help: "Reports that come from now on are no longer taken by it ('postroom unmatched rules' lists them).",
    target: .none,
    arguments: [
      Argument("rule", "The rule's number.", read: { text, _ in _ = try ReportMatching.number(text, of: "a rule") })
    ], role: .operator, confirmation: .none,
    disabledReason: { _ in nil },
    preview: { _, _, request in Preview(summary: "removes rule \(request.arguments["rule"] ?? "")") },
    effect: { transaction, _, request in
      let id = try ReportMatching.number(request.arguments["rule"] ?? "", of: "a rule")
      guard try transaction.reports.removeRule(id) else {
        throw OperationRefusal.badTarget("\(id)", expected: "the number of a rule")
      }
      return Effect("rule \(id) removed", subject: "report-rule:\(id)")
    })

  private static let reprocess = Operation(
    id: "report.reprocess", title: "Read report again",
    help: "Classifies and matches a stored report anew, after rules changed. What was proven before stays.",
    target: .report, arguments: [], role: .operator, confirmation: .none,
    disabledReason: { state in if case .report = state { nil } else { "no report here" } },
    preview: { _, _, request in Preview(summary: "reads \(Amount.words(request.targets.count, "report")) again") },
    effect: { transaction, context, request in
      let reports = try request.targets.map { try $0.report(in: transaction) }
      let summary = try ReportMatching.again(reports, transaction, context)
      return Effect(
        "\(reports.count) read again: \(summary.kinds); \(summary.consequences)"
          + (try ReportMatching.unmatchedWords(reports, transaction)),
        subject: request.subject("report"), changed: reports.count)
    })

  private static let classifyReply = Operation(
    id: "reply.classify", title: "Classify reply",
    help:
      "What a reply says: interested, not-interested, question, out-of-office, unsubscribe (also suppresses for its sender), wrong-person, other.",
    target: .report,
    arguments: [
      Argument(
        "label", ReplyLabel.allCases.map(\.rawValue).joined(separator: ", "),
        choices: ReplyLabel.allCases.map(\.rawValue))
    ],
    role: .operator, confirmation: .none,
    disabledReason: { state in
      guard case .report(let kind, _, _) = state else { return "no report here" }
      return kind.isAnswer ? nil : "it is no reply"
    },
    preview: { _, _, request in
      Preview(summary: "classifies \(Amount.words(request.targets.count, "reply", many: "replies"))")
    },
    effect: { transaction, context, request in
      let word = request.choice("label")
      guard let label = ReplyLabel(rawValue: word) else {
        throw OperationRefusal.badTarget(
          word, expected: ReplyLabel.allCases.map(\.rawValue).joined(separator: ", "))
      }
      for target in request.targets {
        let report = try target.report(in: transaction)
        guard
          try transaction.reports.setLabel(
            report.id, version: report.version, label: label, words: "classified by \(context.actor.name)")
        else { throw OperationRefusal.changed("report \(report.id) is no reply or changed meanwhile") }
        if label == .unsubscribe { try ReportMatching.unsubscribe(report, transaction, context) }
      }
      return Effect(
        "\(request.targets.count) classified as \(label.rawValue)",
        subject: request.subject("report"), details: ["label": label.rawValue],
        changed: request.targets.count)
    })

  private static let isTied: @Sendable (TargetState) -> String? = { state in
    guard case .report(let kind, _, let canBeMatched) = state else { return "no report here" }
    if canBeMatched { return nil }
    return kind.concernsDelivery ? "it is not unmatched" : "it is about a message already"
  }

  private static let isNotUnmatched: @Sendable (TargetState) -> String? = { state in
    guard case .report(let kind, let isUnmatched, _) = state else { return "no report here" }
    if isUnmatched { return nil }
    return kind.concernsDelivery ? "it is not unmatched" : "nothing follows from such a mail"
  }
}
