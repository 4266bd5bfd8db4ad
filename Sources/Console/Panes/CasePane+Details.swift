import Engine
import MailModel
import TerminalUI

extension CasePane {
  func details(_ row: PaneRow, _ details: RowDetails?, _ context: ViewContext) -> [Details.Item] {
    guard case .caseLine(let line) = row else { return [] }
    switch line {
    case .head(let file): return head(file, context)
    case .followUp(let row):
      return [.heading("Follow-up"), .note(context.span(row.text)), context.field("By", row.createdBy)]
        + context.field("Due", at: row.dueAt) + context.field("Done", at: row.doneAt)
        + (row.doneBy.map { [context.field("Done by", $0)] } ?? [])
    case .step(let step, let number): return self.step(step, isOpen: number != nil, context)
    case .stepsProblem(let problem):
      return [.heading("The steps cannot be read"), .note(context.span(problem, .severity("critical")))]
    case .complaint(let row): return complaint(row, context)
    case .event(let row):
      return [
        .heading(context.gate(row.kind.rawValue)), .note(context.span(row.text)), context.field("By", row.actor),
      ] + context.field("When", at: row.at)
    case .notice(let row): return NoticesPane.items(row, context)
    case .earlier(let row, let events): return earlier(row, events, context)
    }
  }

  private func head(_ file: CaseFile, _ context: ViewContext) -> [Details.Item] {
    let account = file.account
    var items: [Details.Item] = [
      .heading(context.gate(account.address)),
      context.field("Standing", account.standing.rawValue, .account(account.standing.rawValue)),
      context.field("Why", account.reason.isEmpty ? "nothing against it" : account.reason),
      context.field(
        "Policy",
        "\(AccountsPane.counted(file.verdict.complaints, file.thresholds)): calls for \(word(file.verdict.calledFor))",
        .account(file.verdict.calledFor.rawValue)),
    ]
    items += context.field("Since", at: account.standingChangedAt)
    items += context.field("Next review", at: file.current?.nextReview)
    if let current = file.current { items.append(context.field("Case", "\(current.id), \(current.stateWords)")) }
    return items + contact(file, context) + toLift(file, context) + mail(file, context) + sending(file, context)
      + history(file, context)
  }

  private func toLift(_ file: CaseFile, _ context: ViewContext) -> [Details.Item] {
    guard !file.criteria.isEmpty else { return [] }
    return [.blank, .heading("To lift")]
      + file.criteria.map {
        .note(
          context.span(
            "\($0.holds ? "[\(context.glyphs.check)]" : "[ ]") \($0.text)", $0.holds ? .severity("ok") : .text)
        )
      }
  }

  /// What the account has sent, and what waits.
  private func mail(_ file: CaseFile, _ context: ViewContext) -> [Details.Item] {
    let account = file.account
    var items: [Details.Item] = [
      .blank, .heading("Mail"),
      context.field(
        "Ever", "\(account.sentCount) accepted, \(account.bounceCount) bounced, \(account.complaintCount) complaints"),
      context.field("Waiting", Amount.atMost(file.waiting)), context.field("Held", Amount.atMost(file.held)),
    ]
    if let figures = account.figures {
      let rate = figures.bounceRate.map { ", \(Percent.text($0)) bounced" } ?? ""
      items.append(
        context.field(
          "30 days", "\(figures.sent) accepted\(rate); complaints \(figures.trend) against the window before"))
    }
    return items
  }

  /// Who has it, how to reach them, since when.
  private func contact(_ file: CaseFile, _ context: ViewContext) -> [Details.Item] {
    guard let escalation = file.escalation else { return [] }
    var items: [Details.Item] = [.blank, .heading(context.gate("With level \(escalation.level)"))]
    items.append(context.field("Who", escalation.words))
    if let handles = escalation.who?.handles, !handles.isEmpty { items.append(context.field("For", handles, .dim)) }
    if !file.contactsProblem.isEmpty {
      items.append(context.field("Contacts", file.contactsProblem, .severity("warning")))
    }
    return items + context.field("Since", at: escalation.since)
  }

  private func word(_ standing: AccountStanding) -> String {
    switch standing {
    case .good: "nothing"
    case .flagged: "a review"
    case .restricted: "a restriction"
    }
  }

  private func sending(_ file: CaseFile, _ context: ViewContext) -> [Details.Item] {
    guard !file.days.isEmpty else { return [] }
    return [.blank, .heading("Sending, by day (UTC)")]
      + file.days.prefix(30).map { day in
        let rate = day.sent > 0 ? " (\(Percent.text(Double(day.bounced) / Double(day.sent))))" : ""
        return .note(
          context.span(
            "\(Clockface.utc(day.day).prefix(10))  \(day.sent) accepted, \(day.bounced) bounced\(rate), \(day.complained) complaints",
            day.complained > 0 ? .text : .dim))
      }
  }

  private func history(_ file: CaseFile, _ context: ViewContext) -> [Details.Item] {
    guard !file.history.isEmpty else { return [] }
    return [.blank, .heading("The policy as it would have decided")]
      + file.history.suffix(20).reversed().map { verdict in
        .note(
          context.span(
            "from \(Clockface.text(verdict.at))  \(word(verdict.calledFor)), \(verdict.complaints) complaints",
            .account(verdict.calledFor.rawValue)))
      }
  }

  private func step(_ step: CaseFile.Step, isOpen: Bool, _ context: ViewContext) -> [Details.Item] {
    var items: [Details.Item] = [
      .heading(context.gate(step.definition.title)), .note(context.span(step.definition.instruction)), .blank,
      context.field("State", isOpen ? step.state?.state.rawValue ?? "added to the checklist later" : "no case is open"),
    ]
    if let operation = step.definition.operation { items.append(context.field("Done with", operation)) }
    if let person = step.state?.by { items.append(context.field("By", person)) }
    if let reason = step.state?.reason, !reason.isEmpty { items.append(context.field("Reason", reason)) }
    items += context.field("When", at: step.state?.at)
    if let source = step.definition.source { items.append(context.field("Source", source, .dim)) }
    return items
  }

  private func complaint(_ row: CaseFile.ComplainedMail, _ context: ViewContext) -> [Details.Item] {
    let complaint = row.complaint
    var items: [Details.Item] = [
      .heading(context.gate("Complaint \(complaint.id)")), context.field("Type", complaint.feedbackType),
      context.field("Reporter", complaint.recipient ?? "not given"),
      context.field("Matched by", complaint.correlation.words),
      context.field(
        "Counts", complaint.isDismissed ? "no: dismissed" : complaint.correlation.isProof ? "yes" : "no: no proof"),
    ]
    items += context.field("When", at: complaint.occurredAt)
    guard let message = row.message else { return items + [.note(context.span("The message is not known", .dim))] }
    items += [.blank, .heading(context.gate("Message \(message.id), \(message.state.rawValue)"))]
    items += row.header.map { .note(context.span($0)) }
    items.append(.blank)
    let lines = row.text.split(separator: 10, maxSplits: 60, omittingEmptySubsequences: false)
    items += lines.prefix(60).map { .note(Span(VisibleText(bytes: $0, glyphs: context.glyphs, limit: 400), .dim)) }
    return items
  }

  /// A closed case with what happened in it, from its beginning.
  private func earlier(_ row: AbuseCase, _ events: [CaseEvent], _ context: ViewContext) -> [Details.Item] {
    var items: [Details.Item] = [
      .heading(context.gate("Case \(row.id)")), context.field("Opened", "\(row.opening.rawValue) by \(row.openedBy)"),
      context.field("Level", "\(row.level)"),
    ]
    items += context.field("From", at: row.openedAt) + context.field("Restricted", at: row.restrictedAt)
    if let origin = row.restrictedBy { items.append(context.field("Restricted", origin.rawValue)) }
    items += context.field("To", at: row.closedAt) + [.blank, .heading("Timeline")]
    return items
      + events.reversed().map { event in
        .note(context.span("\(Clockface.text(event.at))  \(event.actor): \(event.text)"))
      }
  }

  /// For the line above the table: the address last, which may be long.
  static func statusWords(_ file: CaseFile?, _ context: ViewContext) -> [Span] {
    guard let file else { return [] }
    let count = file.verdict.complaints
    let against = "\(count) of \(count < file.thresholds.flag ? file.thresholds.flag : file.thresholds.restrict)"
    var spans = [
      context.span(file.account.standing.rawValue, .account(file.account.standing.rawValue)),
      context.span("  \(against) in 30 d", .dim),
    ]
    if let review = file.current?.nextReview {
      let isDue = review <= context.now
      spans.append(
        context.span(isDue ? "  review due" : "  review \(context.day(review))", isDue ? .severity("warning") : .dim))
    }
    if let audit = file.audit { spans.append(context.span("  audit \(audit.decided)/\(audit.total)", .badge)) }
    return spans + [context.span("  \(file.account.address)")]
  }
}
