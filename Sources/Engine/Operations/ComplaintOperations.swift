import MailModel
import Storage

extension Operation {
  static let complaintOperations: [Operation] = [dismissComplaint]

  private static let dismissComplaint = Operation(
    id: "complaint.dismiss", title: "Dismiss complaint",
    help: "This complaint no longer counts against the account; it stays in the table.", target: .complaint,
    arguments: [.reason], role: .reviewer, confirmation: .none,
    disabledReason: { state in
      guard case .complaint(let isDismissed) = state else { return "no complaint here" }
      return isDismissed ? "dismissed already" : nil
    },
    preview: { _, _, request in
      Preview(
        summary: request.targets.count == 1
          ? "1 complaint no longer counts against its account"
          : "\(request.targets.count) complaints no longer count against their accounts")
    },
    effect: { transaction, context, request in
      var refusals: [String] = []
      for target in request.targets {
        let isDone = try transaction.complaints.dismiss(try target.rowID, version: target.version)
        if let account = try transaction.complaints.account(of: target.rowID) {
          try CaseDesk(transaction, context).rank(account)
        }
        if !isDone { refusals.append("complaint \(target.id) is dismissed already or changed") }
      }
      let changed = request.targets.count - refusals.count
      guard changed > 0 else { throw OperationRefusal.changed(refusals.joined(separator: "; ")) }
      return Effect(
        "\(Amount.words(changed, "complaint")) dismissed", subject: request.subject("complaint"),
        details: ["before": "counts", "after": "dismissed"],
        changed: changed, refusals: refusals)
    })
}
