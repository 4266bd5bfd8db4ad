import Engine
import MailModel

/// One line of a case: what the table of the case pane lists, in this order.
enum CaseLine: Sendable, Equatable {
  /// Standing, policy, criteria, sending history.
  case head(CaseFile)
  case followUp(FollowUp)
  case step(CaseFile.Step, case: Int64?)
  /// Why there are no steps.
  case stepsProblem(String)
  case complaint(CaseFile.ComplainedMail)
  case event(CaseEvent)
  case notice(Notice)
  case earlier(AbuseCase, [CaseEvent])

  var id: RowID {
    switch self {
    case .head: "head"
    case .followUp(let row): "follow-up/\(row.id)"
    case .step(let step, _): "case-step/\(step.definition.id)"
    case .stepsProblem: "case-steps"
    case .complaint(let row): "case-complaint/\(row.complaint.id)"
    case .event(let row): "case-event/\(row.id)"
    case .notice(let row): "case-notice/\(row.id)"
    case .earlier(let row, _): "case/\(row.id)"
    }
  }
}

extension Notice {
  /// Given up, or tried in vain and not yet through.
  var isInTrouble: Bool { state == .failed || (state == .queued && !lastError.isEmpty) }
}

extension CasePane {
  /// Everything of a case as lines, those that the filter fits.
  static func rows(_ file: CaseFile?, _ filter: Filter) -> [PaneRow] {
    guard let file else { return [] }
    var lines: [CaseLine] = [.head(file)]
    lines += file.followUps.filter { $0.doneAt == nil }.map(CaseLine.followUp)
    // What has not reached anybody is something to do, or to wait for.
    lines += file.notices.filter(\.isInTrouble).map(CaseLine.notice)
    // Without a case there is nothing that could be ticked.
    if let current = file.current {
      lines += file.steps.map { .step($0, case: current.id) }
      if !file.stepsProblem.isEmpty { lines.append(.stepsProblem(file.stepsProblem)) }
    }
    lines += file.complaints.map(CaseLine.complaint)
    lines += file.events.map(CaseLine.event)
    lines += file.notices.filter { !$0.isInTrouble }.map(CaseLine.notice)
    lines += file.followUps.filter { $0.doneAt != nil }.map(CaseLine.followUp)
    lines += file.earlier.map { .earlier($0, file.earlierEvents[$0.id] ?? []) }
    let wanted = filter.text.lowercased()
    return lines.filter { wanted.isEmpty || words($0).lowercased().contains(wanted) }.map(PaneRow.caseLine)
  }

  private static func words(_ line: CaseLine) -> String {
    switch line {
    case .head(let file): file.account.address
    case .followUp(let row): "follow-up \(row.text)"
    case .step(let step, _): "step \(step.definition.title) \(step.definition.group ?? "")"
    case .stepsProblem(let problem): "steps \(problem)"
    case .complaint(let row): "complaint \(row.complaint.recipient ?? "") \(row.complaint.feedbackType)"
    case .event(let row): "\(row.kind.rawValue) \(row.actor) \(row.text)"
    case .notice(let row): "notice \(row.kind) \(row.target) \(row.state.rawValue) \(row.lastError)"
    case .earlier(let row, _): "earlier case \(row.opening.rawValue)"
    }
  }
}
