import Engine
import MailModel

/// `case show --json`: everything of a case but the texts of the mails.
struct CaseRecord: Encodable {
  struct Criterion: Encodable {
    var text: String
    var holds: Bool
  }

  struct Step: Encodable {
    var id: String
    var title: String
    /// open, ticked or skipped; absent while no case is open.
    var state: String?
    var by: String?
    var at: String?
    var reason: String?
  }

  struct FollowUpRecord: Encodable {
    var id: Int64
    var dueAt: String
    var text: String
    var doneAt: String?
  }

  struct ComplaintRecord: Encodable {
    var id: Int64
    var at: String
    var feedbackType: String
    var recipient: String?
    var message: Int64?
    var subject: String?
    /// Whether it counts against the account: proven and not dismissed.
    var counts: Bool
  }

  struct Event: Encodable {
    var at: String
    var kind: String
    var by: String
    var text: String
  }

  struct Day: Encodable {
    var day: String
    var sent: Int
    var bounced: Int
    var complained: Int
  }

  struct Told: Encodable {
    var id: Int64
    var kind: String
    var channel: String
    var target: String
    var state: String
    var error: String
  }

  var account: String
  var standing: String
  var reason: String
  var standingChangedAt: String
  var caseID: Int64?
  var caseState: String?
  var level: Int?
  var nextReview: String?
  var complaintsInWindow: Int
  var flagAt: Int
  var restrictAt: Int
  var waiting: Int
  var held: Int
  var criteria: [Criterion]
  var steps: [Step]
  var followUps: [FollowUpRecord]
  var complaints: [ComplaintRecord]
  /// Newest first.
  var timeline: [Event]
  var told: [Told]
  /// UTC days, newest first.
  var days: [Day]
  var earlierCases: [Int64]
}

extension CaseRecord {
  init(_ file: CaseFile) {
    let account = file.account
    self.init(
      account: account.address, standing: account.standing.rawValue, reason: account.reason,
      standingChangedAt: Clockface.utc(account.standingChangedAt), caseID: file.current?.id,
      caseState: file.current?.state.rawValue, level: file.current?.level,
      nextReview: file.current?.nextReview.map(Clockface.utc), complaintsInWindow: file.verdict.complaints,
      flagAt: file.thresholds.flag, restrictAt: file.thresholds.restrict, waiting: file.waiting, held: file.held,
      criteria: file.criteria.map { Criterion(text: $0.text, holds: $0.holds) }, steps: file.steps.map(Step.init),
      followUps: file.followUps.map {
        FollowUpRecord(
          id: $0.id, dueAt: Clockface.utc($0.dueAt), text: $0.text, doneAt: $0.doneAt.map(Clockface.utc))
      },
      complaints: file.complaints.map(ComplaintRecord.init),
      timeline: file.events.map {
        Event(at: Clockface.utc($0.at), kind: $0.kind.rawValue, by: $0.actor, text: $0.text)
      },
      told: file.notices.map {
        Told(
          id: $0.id, kind: $0.kind, channel: $0.channel.rawValue, target: $0.target, state: $0.state.rawValue,
          error: $0.lastError)
      },
      days: file.days.map {
        Day(
          day: String(Clockface.utc($0.day).prefix(10)), sent: $0.sent, bounced: $0.bounced, complained: $0.complained)
      }, earlierCases: file.earlier.map(\.id))
  }
}

extension CaseRecord.Step {
  init(_ step: CaseFile.Step) {
    self.init(
      id: step.definition.id, title: step.definition.title, state: step.state?.state.rawValue, by: step.state?.by,
      at: step.state?.at.map(Clockface.utc), reason: step.state.flatMap { $0.reason.isEmpty ? nil : $0.reason })
  }
}

extension CaseRecord.ComplaintRecord {
  init(_ row: CaseFile.ComplainedMail) {
    let complaint = row.complaint
    self.init(
      id: complaint.id, at: Clockface.utc(complaint.occurredAt), feedbackType: complaint.feedbackType,
      recipient: complaint.recipient, message: complaint.messageID, subject: row.message?.subject,
      counts: !complaint.isDismissed && complaint.correlation.isProof)
  }
}
