import Engine
import MailModel
import TerminalUI

/// Every message, with its attempts and reports.
struct QueuePane: Pane {
  let id = PaneID.queue
  let title = "Queue"
  let emptyMessage = "No message here. 'postroom enqueue FILE' puts one in."
  let filterHelp = "state:held,failed  account:a@example.org  campaign:x  destination:example.com  or any text"
  let filterWords = FilterWords.messages
  let sorts = [
    SortChoice(sort: .newest, column: 0, isDescending: true, title: "newest first"),
    SortChoice(sort: .recipient, column: 2, isDescending: false, title: "by recipient"),
    SortChoice(sort: .account, column: 3, isDescending: false, title: "by account"),
    SortChoice(sort: .nextAttempt, column: 6, isDescending: false, title: "queued only, by next attempt"),
  ]

  private static let idWidth = 7

  func columns(_ context: ViewContext) -> [Table.Column] {
    [
      Table.Column("ID", .fixed(QueuePane.idWidth), alignment: .trailing), Table.Column("State", .fixed(10)),
      Table.Column("Recipient", .flexible(minimum: 18, weight: 3)),
      Table.Column("Account", .flexible(minimum: 12, weight: 2), rank: 3),
      Table.Column("Subject", .flexible(minimum: 14, weight: 3), rank: 1),
      Table.Column("Tries", .fixed(5), alignment: .trailing, rank: 4),
      Table.Column("Age/due", .fixed(9), alignment: .trailing, rank: 2),
    ]
  }

  func cells(_ row: PaneRow, _ context: ViewContext) -> [Span] {
    guard case .listed(.message(let message)) = row else { return [] }
    let state: StyleName = .state(message.state.rawValue)
    // Not one whose first attempt lies a blink ahead, because it was enqueued after this screen's moment.
    let isDeferred =
      message.state == .queued && message.nextAttemptAt > context.now
      && (message.attemptCount > 0 || message.nextAttemptAt > message.enqueuedAt)
    return [
      context.span(QueuePane.id(message, context), .dim),
      context.span(isDeferred ? "deferred" : message.state.rawValue, state),
      context.span(message.recipient), context.span(message.accountAddress), context.span(message.subject),
      context.span("\(message.attemptCount)"),
      due(message, isDeferred: isDeferred, context),
    ]
  }

  /// Of a long one, as after a restore, the end: there neighbours differ.
  private static func id(_ message: Message, _ context: ViewContext) -> String {
    let digits = "\(message.id)"
    return digits.count <= idWidth ? digits : context.glyphs.ellipsis + digits.suffix(idWidth - 1)
  }

  /// When it goes, or since when it is in its state.
  private func due(_ message: Message, isDeferred: Bool, _ context: ViewContext) -> Span {
    if context.usedUpRun?.holdsBack(message, now: context.now) ?? false {
      return context.span("next run", .severity("warning"))
    }
    if message.waitsForPerson(now: context.now) { return context.span("by hand", .dim) }
    return context.span(context.age(isDeferred ? message.nextAttemptAt : message.stateChangedAt), .dim)
  }

  func query(_ filter: Filter, sort: SortChoice?, isDescending: Bool) -> ListQuery? {
    var query = ListQuery(
      list: .messages, text: filter.text, states: filter.values("state", as: MessageState.self),
      account: filter.value("account"), sort: sort?.sort ?? .newest, isDescending: isDescending)
    query.campaign = filter.value("campaign")
    query.domain = filter.value("destination")
    return query
  }

  func target(_ row: PaneRow, _ details: RowDetails?, for kind: Operation.TargetKind, now: Timestamp) -> PaneTarget? {
    guard case .listed(.message(let message)) = row else { return nil }
    switch kind {
    case .message:
      return PaneTarget(
        target: .init(id: "\(message.id)", version: message.version),
        state: .message(message.state, isDeferred: message.nextAttemptAt > now))
    case .recipient:
      return PaneTarget(
        target: .init(id: message.recipient), state: .recipient(isSuppressed: message.state == .suppressed))
    default: return nil
    }
  }

  var badgeMeaning: String { "queued + leased + armed + held + uncertain: what is not over" }

  func badge(_ overview: Overview, _ state: PaneState) -> String {
    let waiting = [MessageState.queued, .leased, .armed, .held, .uncertain].reduce(0) { $0 + (overview.queue[$1] ?? 0) }
    return waiting == 0 ? "" : "\(waiting)"
  }

  func details(_ row: PaneRow, _ details: RowDetails?, _ context: ViewContext) -> [Details.Item] {
    guard case .listed(.message(let message)) = row else { return [] }
    guard case .message(let attempts, let bounces, let thread, let excerpt, let story)? = details else {
      return QueuePane.standing(message, nil, context) + QueuePane.facts(message, context)
    }
    var items = QueuePane.standing(message, story, context) + QueuePane.facts(message, context)
    if let stage = thread.stage { items.append(context.field("Came as far as", stage.rawValue)) }
    if let doubt = story.doubt { items += HistoryWording.doubt(doubt, context) }
    items += QueuePane.attempts(attempts, context)
    items += HistoryWording.changes(story.history, context)
    items += bounces.isEmpty ? [] : [.blank, .heading("Reports")]
    for bounce in bounces { items.append(ReportWords.line(bounce, context)) }
    return items + QueuePane.thread(thread, context) + context.excerpt(excerpt)
  }

  /// Its state, what it waits for now, and when it is tried next.
  private static func standing(
    _ message: Message, _ story: MessageStory?, _ context: ViewContext
  ) -> [Details.Item] {
    var items: [Details.Item] = [
      .heading(context.gate("Message \(message.id)")),
      context.field("State", message.state.rawValue, .state(message.state.rawValue)),
      context.field("Why", message.stateReason),
    ]
    if let run = context.usedUpRun, run.holdsBack(message, now: context.now) {
      items.append(context.field("Waits for", RunWords.obstacle(run), .severity("warning")))
    }
    if let relays = story?.closedRelays { items.append(context.field("Waits for", relays, .severity("warning"))) }
    items += context.field("Since", at: message.stateChangedAt)
    if message.waitsForPerson(now: context.now) {
      items.append(context.field("Next attempt", "by hand: what it waits for has no end"))
    } else if message.state == .queued {
      items += context.field("Next attempt", at: message.nextAttemptAt)
    }
    return items
  }

  /// What it is, and who has it in hand.
  private static func facts(_ message: Message, _ context: ViewContext) -> [Details.Item] {
    var items: [Details.Item] = [
      context.field("Recipient", message.recipient), context.field("Account", message.accountAddress),
      context.field("Envelope sender", message.envelopeSender.isEmpty ? "<> (null)" : message.envelopeSender),
      context.field("Subject", message.subject), context.field("Message-ID", message.messageID),
    ]
    if !message.campaign.isEmpty { items.append(context.field("Campaign", message.campaign)) }
    if let relay = message.relay { items.append(context.field("Goes over", "\(relay), chosen by an operator")) }
    items += context.field("Enqueued", at: message.enqueuedAt)
    items += [
      context.field("Way in", "\(message.source), key \(message.idempotencyKey)"),
      context.field("Size", "\(message.size) bytes"), context.field("Epoch", "\(message.epoch)"),
    ]
    if let owner = message.leaseOwner { items.append(context.field("Lease", owner)) }
    return items + context.field("Lease until", at: message.leaseExpiresAt)
  }

  /// What the provider told, and what people answered.
  private static func thread(_ thread: MessageThread, _ context: ViewContext) -> [Details.Item] {
    var items: [Details.Item] = thread.events.isEmpty ? [] : [.blank, .heading(context.gate("Events"))]
    for event in thread.events {
      let detail = event.detail.isEmpty ? "" : ": \(event.detail)"
      items.append(
        context.field(context.gate(event.kind), "\(context.moment(event.occurredAt)), \(event.source)\(detail)"))
    }
    if !thread.replies.isEmpty { items += [.blank, .heading(context.gate("Replies"))] }
    for reply in thread.replies {
      let label = reply.label.map { " (\($0.rawValue))" } ?? ""
      let words = "\(context.moment(reply.receivedAt)), report \(reply.id)\(label): \(reply.subject)"
      items += [context.field(context.gate(reply.kind.rawValue), reply.from), context.field("", words)]
    }
    return items
  }

  private static func attempts(_ attempts: [Attempt], _ context: ViewContext) -> [Details.Item] {
    guard !attempts.isEmpty else { return [.blank, .note(Span("No attempt yet", .dim))] }
    return [.blank, .heading(context.gate("Attempts (\(attempts.count))"))]
      + attempts.reversed().flatMap { attempt -> [Details.Item] in
        let code = [attempt.replyCode.map(String.init), attempt.enhancedStatus?.description].compactMap { $0 }
        let stage = attempt.stage.map { " at \($0.rawValue)" } ?? ""
        let style: StyleName =
          switch attempt.outcome {
          case "accepted": .state("sent")
          case "refused": .state("failed")
          case "uncertain": .state("uncertain")
          default: .state("held")
          }
        var items: [Details.Item] = [
          .note(context.span(([attempt.outcome + stage] + code).joined(separator: " "), style))
        ]
        if !attempt.text.isEmpty { items.append(context.field("Reply", attempt.text)) }
        let moments = [("rendered", attempt.renderedAt), ("armed", attempt.armedAt), ("replied", attempt.repliedAt)]
          .compactMap { name, moment in moment.map { "\(name) \(context.moment($0))" } }
        items.append(context.field("Times", moments.isEmpty ? "none" : moments.joined(separator: ", ")))
        items.append(
          context.field(
            "Relay", "\(attempt.relay)\(attempt.peer.isEmpty ? "" : " [\(attempt.peer)]"), epoch \(attempt.epoch)"))
        return items
      }
  }
}
