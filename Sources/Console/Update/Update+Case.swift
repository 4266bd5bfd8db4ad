import Engine
import MailModel
import TerminalUI

extension ConsoleState {
  /// The case of the account that the row under the cursor is about.
  mutating func showCase() -> [ConsoleEffect] {
    guard let account = accountNumberOfRow else {
      say("no account here", .refused)
      return [.bell]
    }
    return show(account)
  }

  /// The number of the account that the row under the cursor is about.
  var accountNumberOfRow: Account.ID? {
    switch current.row {
    case .listed(.message(let message)): message.accountID
    case .listed(.complaint(let complaint)): complaint.accountID
    case .listed(.account(let account)): account.id
    case .listed(.notice(let notice)): notice.account
    case .caseLine: caseAccount
    default: nil
    }
  }

  private mutating func show(_ account: Account.ID) -> [ConsoleEffect] {
    if caseAccount != account {
      // Nothing of another account stays on screen meanwhile.
      var fresh = PaneState(CasePane())
      fresh.load = panes[.abuseCase]?.load ?? fresh.load
      panes[.abuseCase] = fresh
    }
    caseAccount = account
    enter(.abuseCase)
    return reload()
  }

  mutating func takeCase(_ file: CaseFile?) -> [ConsoleEffect] {
    guard var pane = panes[.abuseCase] else { return [] }
    let again = pane.load.end()
    let isWanted = file?.account.id == caseAccount || file == nil
    if isWanted {
      pane.caseFile = file
      pane.take(CasePane.rows(file, pane.filter), height: layout.tableHeight)
      if !again { pane.endChange() }
    }
    panes[.abuseCase] = pane
    return again || !isWanted ? load(.abuseCase, .reload) : []
  }

  /// The guided pass: from one restriction to the next.
  mutating func takeNextInAudit(_ account: Account.ID?) -> [ConsoleEffect] {
    guard let account else {
      say("No pass over all restrictions is under way: every one is decided about", .done)
      return []
    }
    return show(account)
  }

  /// Whether the step under the cursor is done with by an operation: a runbook is worked one step after another.
  func isStepDone(with operation: String) -> Bool {
    guard case .caseLine(.step(let step, _))? = current.row else { return false }
    return [step.definition.operation, "case.tick-step", "case.skip-step"].contains(operation)
  }

  /// What the step under the cursor is done with: its operation, else its tick.
  mutating func doStep() -> [ConsoleEffect] {
    guard case .caseLine(.step(let step, _))? = current.row else {
      say("no step of a case here", .refused)
      return [.bell]
    }
    let name = step.definition.operation ?? "case.tick-step"
    return run(CommandInvocation(name), key: nil)
  }
}
