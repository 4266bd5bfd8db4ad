import MailModel
import Storage

extension Operation {
  static let noticeOperations: [Operation] = [retryNotice, testNotice]

  private static let retryNotice = Operation(
    id: "notice.retry", title: "Try notice again",
    help: "Makes failed notices due again: a web hook at once, an e-mail as a new message.", target: .notice,
    arguments: [], role: .operator, confirmation: .none,
    disabledReason: { state in
      guard case .notice(let state) = state else { return "no notice here" }
      return state == .failed ? nil : "it is \(state.rawValue)"
    },
    preview: { _, _, request in Preview(summary: "tries \(Amount.words(request.targets.count, "notice")) again") },
    effect: { transaction, context, request in
      var accounts: Set<Account.ID> = []
      for target in request.targets {
        guard let notice = try transaction.notices.get(try target.rowID) else {
          throw OperationRefusal.badTarget(target.id, expected: "a notice of this workspace")
        }
        if let version = target.version, version != notice.version {
          throw OperationRefusal.changed("notice \(notice.id) changed since it was drawn; look again")
        }
        guard notice.state == .failed else {
          throw OperationRefusal.changed("notice \(notice.id) is \(notice.state.rawValue)")
        }
        guard try context.notices.retry(notice, in: transaction, now: context.now) else {
          throw OperationRefusal.changed("notice \(notice.id) changed meanwhile; look again")
        }
        if let account = notice.account { accounts.insert(account) }
      }
      var effect = Effect(
        "\(request.targets.count) due again", subject: request.subject("notice"),
        details: ["before": "failed", "after": "queued"], changed: request.targets.count)
      effect.accounts = accounts
      return effect
    })

  private static let testNotice = Operation(
    id: "notice.test", title: "Send a test notice",
    help: "Tells an account's holder, on every configured channel, that this is a test.", target: .account,
    arguments: [], role: .reviewer, confirmation: .yesNo,
    disabledReason: needsAccount,
    preview: { transaction, context, request in
      let lines = try request.targets.map { target in
        try context.notices.words(
          testOrder(try target.account(in: transaction), context), in: transaction, now: context.now)
      }
      return Preview(summary: "sends \(Amount.words(request.targets.count, "test notice"))", lines: lines)
    },
    effect: { transaction, context, request in
      var notices: [Notice] = []
      for target in request.targets {
        notices += try context.notices.send(
          testOrder(try target.account(in: transaction), context), in: transaction, by: context.actor.name,
          now: context.now)
      }
      guard !notices.isEmpty else {
        throw OperationRefusal.notNow("no channel is configured: set NOTICE_FROM or NOTICE_WEBHOOK_URL")
      }
      return Effect(
        notices.map { "\($0.channel.rawValue) \($0.state.rawValue)" }.joined(separator: ", "),
        subject: "notice:" + notices.map { "\($0.id)" }.joined(separator: ","), changed: notices.count)
    })

  private static func testOrder(_ account: Account, _ context: OperationContext) -> NoticeOrder {
    NoticeOrder(kind: NoticeOrder.testKind, account: account, values: ["by": context.actor.name])
  }
}
