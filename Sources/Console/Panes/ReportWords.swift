import Engine
import MailModel
import TerminalUI

/// What panes that show reports say in the same way.
enum ReportWords {
  static func line(_ bounce: Bounce, _ context: ViewContext) -> Details.Item {
    let status = bounce.status.map { " \($0)" } ?? ""
    return .note(
      context.span(
        "\(context.moment(bounce.occurredAt)) \(bounce.bounceClass.rawValue) \(bounce.kind.rawValue)\(status): \(bounce.reason)",
        style(bounce.bounceClass)))
  }

  static func style(_ bounceClass: BounceClass) -> StyleName {
    switch bounceClass {
    case .hard: .state("bounced")
    case .soft: .state("held")
    case .block: .severity("critical")
    case .unknown: .dim
    }
  }

  static func items(_ report: Report?, _ context: ViewContext) -> [Details.Item] {
    guard let report else { return [] }
    return [
      .blank, .heading(context.gate("Report \(report.id)")), context.field("From", report.from),
      context.field("Subject", report.subject), context.field("Rule", report.why),
      context.field("Cites", report.originalMessageID ?? "no Message-ID"),
      context.field(
        "Mailbox", "\(report.location.mailbox), UIDVALIDITY \(report.location.uidValidity), UID \(report.location.uid)"),
    ] + context.field("Received", at: report.receivedAt)
  }
}
