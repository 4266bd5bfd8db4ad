import MailModel
import Storage

extension Operation {
  static let restrictionAuditOperations: [Operation] = [startAudit, keepRestriction]

  private static let startAudit = Operation(
    id: "restriction-audit.start", title: "Audit all restrictions",
    help:
      "Begins a pass over every restricted account: keep, extend or lift, one after another (runbook: Monthly Operations).",
    target: .none, arguments: [], role: .reviewer, confirmation: .none, disabledReason: { _ in nil },
    preview: { transaction, _, _ in
      let count = try transaction.counters.all()["account.restricted"] ?? 0
      return Preview(summary: "begins a pass over \(Amount.words(count, "restricted account"))", isEmpty: count == 0)
    },
    effect: { transaction, context, _ in
      if let current = try transaction.restrictionAudits.current() {
        throw OperationRefusal.notNow(
          "a pass by \(current.startedBy) is under way: \(current.decided) of \(current.total) decided")
      }
      guard let audit = try transaction.restrictionAudits.start(by: context.people, now: context.now) else {
        throw OperationRefusal.notNow("no account is restricted")
      }
      return Effect(
        "\(Amount.words(audit.total, "restricted account")) to decide about", subject: "restriction-audit:\(audit.id)")
    })

  private static let keepRestriction = Operation(
    id: "account.keep", title: "Keep restriction",
    help: "In the pass over all restrictions: it stays as it is, with the review it has.", target: .account,
    arguments: [.optionalReason], role: .reviewer, confirmation: .none, disabledReason: needsRestriction,
    preview: { transaction, _, request in
      let accounts = try request.accounts(in: transaction)
      return Preview(summary: "keeps the restriction of \(AccountDecision.names(accounts))")
    },
    effect: { transaction, context, request in
      try AccountDecision(transaction, context, request).note("kept") { account, desk in
        try requireRestriction(account)
        let opened = try desk.opened(account, as: .byHand)
        try desk.decide(opened, "restriction kept\(request.because)") { _ in }
        try desk.settleAudit(account.id, "kept")
        return [:]
      }
    })
}
