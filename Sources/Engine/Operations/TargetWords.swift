extension Operation {
  /// What to name, for whoever named nothing: `queue.hold acts on messages; name at least one by its number, or …`.
  var wantsTarget: String {
    let filter = takesFilter ? ", or all that fit with --matching FILTER" : ""
    return "\(id) acts on \(target.plural); name at least one \(target.name)\(filter)"
  }
}

extension Operation.TargetKind {
  fileprivate var plural: String {
    switch self {
    case .none: "nothing"
    case .message: "messages"
    case .account: "accounts"
    case .recipient: "recipients"
    case .complaint: "complaints"
    case .report: "reports"
    case .checklistStep: "steps of today's checklist"
    case .approval: "approvals"
    case .notice: "notices"
    case .inbox: "inboxes"
    case .caseStep: "steps of a case"
    case .followUp: "follow-ups"
    }
  }

  /// How one is named on the command line.
  fileprivate var name: String {
    switch self {
    case .account, .inbox: "by its number or address"
    case .recipient: "by its address"
    case .checklistStep: "as RUN/STEP"
    case .caseStep: "as CASE/STEP"
    default: "by its number"
    }
  }
}
