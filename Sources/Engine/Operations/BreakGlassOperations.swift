import MailModel
import Storage

extension Operation {
  static let breakGlassOperations: [Operation] = [breakGlass, closeGlass]

  /// The role is that of `BREAK_GLASS_ROLE`; below operator nobody ever may.
  private static let breakGlass = Operation(
    id: "break-glass.open", title: "Break glass",
    help:
      "For a short time you may do alone what needs two people. Everybody sees it; each thing done waits for a second person's review.",
    target: .none, arguments: [.reason], role: .operator, confirmation: .typed("BREAK"), disabledReason: { _ in nil },
    preview: { _, context, _ in
      Preview(
        summary: "lets \(context.actor.name) act alone for \(context.approvals.breakGlassLength.words)",
        lines: ["an alert stands until a second person reviewed everything that was done alone"])
    },
    effect: { transaction, context, request in
      let needed = context.approvals.breakGlassRole
      guard context.actor.role >= needed else {
        throw OperationRefusal.role(
          needed: needed, actual: context.actor.role, operation: "break-glass.open",
          holders: context.holders(of: needed))
      }
      if let open = try context.openGlass(in: transaction) {
        throw OperationRefusal.notNow("it is open already, until \(Clockface.text(open.expiresAt))")
      }
      let glass = try transaction.breakGlasses.open(
        by: context.actor.name, reason: request.reason, now: context.now,
        until: context.now + context.approvals.breakGlassLength)
      return Effect(
        "break-glass is open until \(Clockface.text(glass.expiresAt))", subject: "break-glass:\(glass.id)",
        details: ["before": "closed", "after": "open", "expires": Clockface.utc(glass.expiresAt)])
    })

  private static let closeGlass = Operation(
    id: "break-glass.close", title: "Close the glass",
    help: "Gives break-glass back before it expires.", target: .none, arguments: [], role: .operator,
    confirmation: .none, disabledReason: { _ in nil },
    preview: { transaction, context, _ in
      let isOpen = try context.openGlass(in: transaction) != nil
      return Preview(
        summary: isOpen ? "two people are needed again" : "break-glass is not open", isEmpty: !isOpen)
    },
    effect: { transaction, context, _ in
      guard try transaction.breakGlasses.close(by: context.actor.name, now: context.now) > 0 else {
        throw OperationRefusal.notNow("break-glass is not open")
      }
      return Effect("closed", subject: "break-glass", details: ["before": "open", "after": "closed"])
    })
}

extension OperationContext {
  /// This person's right to act alone, if there is one now.
  func openGlass(in transaction: Transaction) throws -> BreakGlass? {
    try transaction.breakGlasses.current(now: now).last { $0.person == actor.name }
  }
}
