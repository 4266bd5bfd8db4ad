import MailModel
import Storage

extension Operation {
  /// A person's ways to settle doubt (DESIGN §2.3).
  static let uncertainOperations: [Operation] = [markSent, giveUp, sendAgain]

  private static let markSent = transition(
    .settleSent, id: "uncertain.mark-sent", title: "Mark as sent",
    help: "Settles doubt: you know from the relay's log or the recipient that it was accepted.", verb: "marked as sent",
    arguments: [.reason], confirmation: .yesNo,
    words: { context, request in "marked as sent by \(context.actor.name): \(request.reason)" })

  private static let giveUp = transition(
    .settleFailed, id: "uncertain.give-up", title: "Give up",
    help: "Settles doubt: it is not sent again and counts as failed.", verb: "given up", arguments: [.reason],
    confirmation: .yesNo,
    words: { context, request in "given up by \(context.actor.name): \(request.reason)" })

  /// What is not known is why one is asked at all.
  private static let warning =
    "the relay may have it already: whoever got it then gets it twice, with the same Message-ID; its log or a report would tell"

  private static let sendAgain = {
    var operation = transition(
      .sendAgain, id: "uncertain.send-again", title: "Send again",
      help: "Settles doubt: sends it again with the same Message-ID. The recipient may get it twice.",
      verb: "queued again", arguments: [.reason], confirmation: .typed("AGAIN"),
      words: { context, request in "sent again by \(context.people): \(request.reason)" })
    let plain = operation.preview
    operation.preview = { transaction, context, request in
      var preview = try plain(transaction, context, request)
      if !preview.isEmpty { preview.lines = [warning] + preview.lines }
      return preview
    }
    operation.secondPerson = SecondPerson(when: "for more messages in a day than SECOND_PERSON_MESSAGES") {
      transaction, context, request in
      let alone = context.approvals.sendAgainAlone
      let before = try sentAgainAlone(transaction, context)
      guard request.targets.count + before > alone else { return nil }
      let earlier = before == 0 ? "" : ", besides \(before) sent again in the last 24 hours"
      return
        "\(Amount.words(request.targets.count, "message")) may arrive twice\(earlier); one person alone sends at most \(alone) again a day"
    }
    return operation
  }()

  /// Messages that this person sent again within a day with nobody beside: several requests are as one.
  private static func sentAgainAlone(_ transaction: Transaction, _ context: OperationContext) throws -> Int {
    let query = AuditQuery(
      operation: "uncertain.send-again", actor: context.actor.name, since: context.now - .hours(24), limit: 1_000)
    return try transaction.audit.page(query).rows.map { AuditDetails($0.details) }
      .filter { $0["approvedBy"] == nil && $0["breakGlass"] == nil }
      .reduce(0) { $0 + ($1["changed"].flatMap { Int($0) } ?? 0) }
  }
}
