import Engine
import MailModel
import TerminalUI

/// What happens to the console.
enum ConsoleEvent: Sendable {
  /// - at: when the loop took it; `nil` for no later than the last event.
  case terminal(TerminalEvent, at: Timestamp? = nil)
  case tick(Timestamp)
  /// The store was changed, by whichever process.
  case storeChanged
  case overview(Overview)
  case overviewFailed(String)
  case window(PaneID, ListWindow, ListWindow.Move)
  case windowFailed(PaneID, String)
  case newer(PaneID, Int)
  case newerFailed(PaneID, String)
  case checklist(ChecklistToday?)
  /// Its file cannot be read.
  case checklistFailed(String)
  case insight(QueueInsight)
  case caseFile(CaseFile?)
  case nextInAudit(Account.ID?)
  case details(PaneID, PaneRow, RowDetails)
  case detailsFailed(PaneID, String)
  case preview(OperationCall, Preview)
  case performed(OperationCall, summary: String, refusals: [String])
  case refused(OperationCall, String)
  case scanProgress(RoundProgress)
  case scanned(String)
  case scanFailed(String)
  /// The loop draws with it from now on.
  case theme(Theme)
  case themeFailed(String)
  /// The emergency stop was pressed; the loop has tripped it already.
  case tripped(Timestamp, isExplained: Bool)
  /// Why a stop of this process could not be written where others see it; `nil` when it could.
  case stopObstacle(String?)
}

/// What the console wants done. Nothing of it is waited for.
enum ConsoleEffect: Sendable {
  case loadOverview
  case loadWindow(PaneID, ListQuery, ListWindow.Move, ListWindow?)
  case countNewer(PaneID, ListWindow)
  case loadChecklist
  case loadInsight
  case loadCase(Account.ID)
  case findNextInAudit(after: Account.ID)
  case loadDetails(PaneID, PaneRow)
  case preview(OperationCall)
  case perform(OperationCall)
  /// The emergency stop; an empty reason is asked for afterwards.
  case trip(reason: String = "")
  case scan
  case loadTheme(String)
  /// Paints the whole screen, whatever another program has written over it.
  case redraw
  case bell
}
