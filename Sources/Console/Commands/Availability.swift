import Engine
import MailModel
import TerminalUI

extension ConsoleState {
  /// What an operation would act on now, and why it cannot; `reason` is `nil` when it can.
  func target(of operation: Operation) -> (targets: [OperationRequest.Target], reason: String?) {
    if let reason = refusalOfPerson(operation) { return ([], reason) }
    if operation.target == .none {
      return ([], operation.disabledReason(for: identity.actor, whole(for: operation)))
    }
    // Every line of a case is about one account: its decisions act on that, as it was drawn.
    if active == .abuseCase, operation.target == .account {
      guard let account = current.caseFile?.account else { return ([], "no case is chosen") }
      return (
        [.init(id: "\(account.id)", version: account.version)],
        operation.disabledReason(for: identity.actor, .account(account.standing))
      )
    }
    if current.isAllMarked {
      return (
        [],
        operation.takesFilter ? nil : "it acts on rows, not on all that match; \(keyWord("back")) takes the mark away"
      )
    }
    let rows = current.selection
    guard !rows.isEmpty else { return ([], "no row here") }
    let found = rows.compactMap { row in
      pane.target(row, row.id == current.row?.id ? current.currentDetails : nil, for: operation.target, now: now)?
        .seen(by: identity.actor, in: row)
    }
    guard !found.isEmpty else {
      return ([], operation.disabledReason(for: identity.actor, .none) ?? "it does not act on this row")
    }
    // One row that it can act on is enough: the others are left alone, and the preview says so.
    let reasons = found.map { operation.disabledReason(for: identity.actor, $0.state) }
    return (found.map(\.target), reasons.contains(nil) ? nil : reasons.compactMap { $0 }.first)
  }

  /// Why who sits here may not do it, whatever it acts on; `nil` when he may.
  func refusalOfPerson(_ operation: Operation) -> String? {
    if identity.isReadOnly, operation.role > .watcher { return "read-only: you only look here" }
    guard identity.actor.role < operation.role else { return nil }
    return operation.roleReason(for: identity.actor, holders: identity.operators.holders(of: operation.role))
  }

  /// What an operation without rows acts on, as far as its key depends on it.
  private func whole(for operation: Operation) -> Operation.TargetState {
    if operation.id.hasPrefix("stop.") { return .permit(permitState) }
    guard operation.id == "checklist.start" else { return .none }
    let run = panes[.checklist]?.checklist?.run
    return .checklist(isUnderWay: run != nil && run?.completedAt == nil)
  }

  /// Why a command means nothing now, or `nil`.
  func disabledReason(_ invocation: CommandInvocation) -> String? {
    if invocation.name == "stop" { return nil }
    if let operation = ConsoleCommand.operation(invocation.name) { return target(of: operation).reason }
    switch invocation.name {
    case "inbound.scan": return scan == nil ? identity.scanRefusal : "a scan is under way"
    case "case.show": return accountNumberOfRow == nil ? "no account here" : nil
    case "case.do":
      if case .caseLine(.step)? = current.row { return nil }
      return "no step of a case here"
    case "checklist.go":
      guard case .step(let step, _, _, _)? = current.row else { return "no step of a checklist here" }
      return step.probe == .alerts || ChecklistPane.place(of: step.probe) != nil
        ? nil : "this step has no pane of its own"
    case "account.open": return accountOfRow == nil ? "no account here" : nil
    case "mark" where current.isAllMarked, "mark-range" where current.isAllMarked:
      return "all that match are marked; \(keyWord("undo-marks")) takes that away"
    case "open", "mark", "mark-range": return current.row == nil ? "no row here" : nil
    case "mark-all": return active == .queue ? nil : "only messages can be changed by filter"
    case "undo-marks": return current.marked.isEmpty && !current.isAllMarked ? "nothing is marked" : nil
    case "sort-next", "sort-previous": return pane.sorts.count < 2 ? "this table has one order" : nil
    case "sort-invert": return pane.sorts.isEmpty ? "this table has one order" : nil
    default: return ConsoleCommand.named(invocation.name) == nil ? "there is no command '\(invocation.name)'" : nil
    }
  }

  /// The account that the row under the cursor is about.
  var accountOfRow: String? {
    switch current.row {
    case .listed(.message(let message)): message.accountAddress
    case .listed(.bounce(let bounce)): bounce.accountAddress
    case .listed(.complaint(let complaint)): complaint.accountAddress
    case .listed(.account(let account)): account.address
    case .caseLine: panes[.abuseCase]?.caseFile?.account.address
    default: nil
    }
  }
}
