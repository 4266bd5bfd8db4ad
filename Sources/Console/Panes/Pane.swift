import Engine
import MailModel
import TerminalUI

/// The panes, in the order of their keys.
enum PaneID: String, Sendable, CaseIterable {
  case checklist, queue, bounces, complaints, accounts, audit, approvals, unmatched, inboxes, insight, notices
  /// The file of one account.
  case abuseCase = "case"

  /// In whose place its tab stands while it is open: one gets there from an account or a complaint.
  var parent: PaneID? { self == .abuseCase || self == .notices ? .accounts : nil }
}

/// Names a row whatever line it stands on: table and number, or a step of the checklist.
typealias RowID = String

/// One row of a pane.
enum PaneRow: Sendable, Equatable {
  case listed(ListedRow)
  /// A step of the checklist, with what is recorded about it today and what was the time before.
  case step(ChecklistDefinition.Step, run: Int64?, ChecklistStepState?, earlier: ChecklistStepState?)
  case destination(QueueInsight.Shape, isTotal: Bool)
  case caseLine(CaseLine)

  var id: RowID {
    switch self {
    case .listed(.message(let row)): "message/\(row.id)"
    case .listed(.bounce(let row)): "bounce/\(row.id)"
    case .listed(.unmatched(let row)): "report/\(row.id)"
    case .listed(.suppression(let row)): "suppression/\(row.id)"
    case .listed(.pattern(let row, _)): "pattern/\(row.dimension.rawValue)/\(row.value)"
    case .listed(.complaint(let row)): "complaint/\(row.id)"
    case .listed(.account(let row)): "account/\(row.id)"
    case .listed(.audit(let row)): "audit/\(row.id)"
    case .listed(.approval(let row)): "approval/\(row.id)"
    case .listed(.inbox(let row)): "inbox/\(row.inbox.id)"
    case .listed(.notice(let row)): "notice/\(row.id)"
    case .step(let step, _, _, _): "step/\(step.id)"
    case .destination(let shape, let isTotal): isTotal ? "destinations" : "destination/\(shape.destination.domain)"
    case .caseLine(let line): line.id
    }
  }
}

/// A way to order a pane's table.
struct SortChoice: Sendable {
  var sort: ListQuery.Sort
  /// The column whose header shows the arrow.
  var column: Int
  /// In which direction one wants it first.
  var isDescending: Bool
  /// For the status line: `newest first`.
  var title: String
}

/// A pane as a value: what its table shows, and what operations may act on. Panes know nothing of one another.
protocol Pane: Sendable {
  var id: PaneID { get }
  var title: String { get }
  /// For a narrow tab: three to five letters that people still know it by.
  var shortTitle: String { get }
  /// What the table shows when it has no rows.
  var emptyMessage: String { get }
  /// Tokens its filter understands, for the prompt.
  var filterHelp: String { get }
  /// The same, as they are read.
  var filterWords: FilterWords { get }
  /// Empty for a table with an order of its own.
  var sorts: [SortChoice] { get }
  func columns(_ context: ViewContext) -> [Table.Column]
  func cells(_ row: PaneRow, _ context: ViewContext) -> [Span]
  /// What to read for the table; `nil` when it is not a table of the store.
  func query(_ filter: Filter, sort: SortChoice?, isDescending: Bool) -> ListQuery?
  func details(_ row: PaneRow, _ details: RowDetails?, _ context: ViewContext) -> [Details.Item]
  /// What an operation of this kind would act on, as it was drawn; `nil` when it does not fit the row.
  func target(_ row: PaneRow, _ details: RowDetails?, for kind: Operation.TargetKind, now: Timestamp) -> PaneTarget?
  /// What lists the rows that a row counts; `nil` for a row that stands for itself.
  /// - Parameter filter: the one by which the row is shown.
  func filter(inside row: PaneRow, of filter: Filter) -> Filter?
  /// A count beside the pane's name; empty for none.
  func badge(_ overview: Overview, _ state: PaneState) -> String
  /// What that count counts; empty where there never is one.
  var badgeMeaning: String { get }
}

extension Pane {
  var shortTitle: String { title }
  var filterWords: FilterWords { .textOnly }
  var badgeMeaning: String { "" }
  func filter(inside row: PaneRow, of filter: Filter) -> Filter? { nil }
}

struct PaneTarget: Sendable, Equatable {
  var target: OperationRequest.Target
  var state: Operation.TargetState

  init(target: OperationRequest.Target, state: Operation.TargetState) {
    self.target = target
    self.state = state
  }

  /// A report, in whichever pane it stands.
  init(_ report: Report) {
    self.init(
      target: .init(id: "\(report.id)", version: report.version),
      state: .report(report.kind, isUnmatched: report.isUnmatched, canBeMatched: report.canBeMatched))
  }

  /// With what depends on who looks at it.
  func seen(by actor: Actor, in row: PaneRow) -> PaneTarget {
    guard case .listed(.approval(let approval)) = row else { return self }
    return PaneTarget(target: target, state: .approval(approval.state, isOwn: approval.requestedBy == actor.name))
  }
}

enum Panes {
  static let all: [any Pane] = [
    ChecklistPane(), QueuePane(), BouncesPane(), ComplaintsPane(), AccountsPane(), AuditPane(), ApprovalsPane(),
    UnmatchedPane(), InboxesPane(), InsightPane(),
    NoticesPane(), CasePane(),
  ]

  static func of(_ id: PaneID) -> any Pane { all.first { $0.id == id } ?? all[0] }
}
