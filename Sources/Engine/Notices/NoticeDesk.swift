import Foundation
import MailFormats
public import MailModel
public import Storage

/// Where notices are written and handed in: templates, channels, the store. The courier takes it from there.
///
/// An operation calls `send` inside its own transaction, so that a decision and its notice are one.
public struct NoticeDesk: Sendable {
  public let settings: NoticeSettings
  /// Folders with `KIND.mustache`; the first that has it wins.
  private let folders: [URL]
  private let submitter: Submitter?

  /// Without any channel: nobody is told anything.
  public static let silent = NoticeDesk(settings: NoticeSettings(), folders: [], submitter: nil)

  init(settings: NoticeSettings, folders: [URL], submitter: Submitter?) {
    self.settings = settings
    self.folders = folders
    self.submitter = submitter
  }

  /// Subject and text as they would go out.
  /// - Throws: `ConfigurationError` when there is no such template or it cannot be used.
  public func render(_ order: NoticeOrder, now: Timestamp) throws -> (subject: String, text: String) {
    var values = order.values
    values["account"] = order.account?.address ?? values["account"] ?? ""
    values["case"] = order.caseID.map(String.init) ?? ""
    values["date"] = Clockface.day(now)
    values["from"] = settings.from
    return try template(order.kind).render(values)
  }

  /// Where a notice of this order would go: channel and target. Empty when no channel is configured.
  public func routes(_ order: NoticeOrder) -> [(channel: NoticeChannel, target: String)] {
    var routes: [(channel: NoticeChannel, target: String)] = []
    if !settings.from.isEmpty {
      let addresses = order.team ?? order.account.map { [$0.address] } ?? []
      routes += addresses.map { (.email, $0) }
    }
    if !settings.webHookURL.isEmpty { routes.append((.webhook, WebHookURL.place(settings.webHookURL))) }
    return routes
  }

  /// One line for previews: who would be told, and how.
  public func words(_ order: NoticeOrder, in transaction: Transaction, now: Timestamp) throws -> String {
    let words = try routes(order).map { route in
      let isSuppressed = try route.channel == .email && suppression(route.target, in: transaction, now: now) != nil
      return "\(route.channel.rawValue) to \(route.target)" + (isSuppressed ? " (suppressed: not sent)" : "")
    }
    if words.isEmpty { return "nobody is told: \(silence)" }
    do { _ = try render(order, now: now) } catch let error as ConfigurationError { return "nobody is told: \(error)" }
    return "notice '\(order.kind)' by \(words.joined(separator: " and "))"
  }

  /// Why an order may have no route.
  var silence: String {
    settings.from.isEmpty && settings.webHookURL.isEmpty
      ? "neither NOTICE_FROM nor NOTICE_WEBHOOK_URL is set" : "no address in contacts.yaml, and no web hook"
  }

  /// Hands the notice in on every configured channel, inside the caller's transaction.
  ///
  /// - Returns: one notice a channel, with its delivery state; empty when no channel is configured.
  /// - Throws: `ConfigurationError` for a template that cannot be used; `StoreError`.
  @discardableResult
  public func send(
    _ order: NoticeOrder, in transaction: Transaction, by person: String, now: Timestamp
  ) throws -> [Notice] {
    let routes = routes(order)
    guard !routes.isEmpty else { return [] }
    let (subject, text) = try render(order, now: now)
    return try routes.map { route in
      var draft = Notices.Draft(
        kind: order.kind, channel: route.channel, target: route.target, account: order.account?.id,
        caseID: order.caseID, subject: subject, body: text)
      switch route.channel {
      case .email: return try mail(draft, in: transaction, by: person, now: now)
      case .webhook:
        draft.body = WebHookBody(order, subject: subject, text: text, now: now).json
        return try transaction.notices.insert(draft, by: person, now: now)
      }
    }
  }

  /// Makes a notice that failed due again: a web hook at once, an e-mail as a new message.
  func retry(_ notice: Notice, in transaction: Transaction, now: Timestamp) throws -> Bool {
    switch notice.channel {
    case .webhook:
      return try transaction.notices.settle(
        notice, state: .queued, lastError: notice.lastError, nextAttemptAt: now, countsAttempt: false, now: now)
    case .email:
      guard try suppression(notice.target, in: transaction, now: now) == nil else {
        throw OperationRefusal.notNow("notice \(notice.id): \(notice.target) is suppressed")
      }
      guard
        try transaction.notices.settle(
          notice, state: .queued, lastError: "", nextAttemptAt: now, countsAttempt: false, now: now)
      else { return false }
      try enqueue(notice, in: transaction, now: now)
      return true
    }
  }

  /// Whom e-mails are from.
  private var sender: Mailbox { AddressList.parse(settings.from).first ?? Mailbox(address: settings.from) }

  /// What keeps our e-mail from an address now: what has expired, or is for another sender's mail, does not.
  private func suppression(_ target: String, in transaction: Transaction, now: Timestamp) throws -> Suppression? {
    let account = try transaction.accounts.get(address: sender.address)
    return try transaction.suppressions.active(target, account: account?.id, now: now)
  }

  private func mail(
    _ draft: Notices.Draft, in transaction: Transaction, by person: String, now: Timestamp
  ) throws -> Notice {
    if let suppression = try suppression(draft.target, in: transaction, now: now) {
      return try transaction.notices.insert(
        draft, state: .suppressed, lastError: "recipient is suppressed: \(suppression.reason)", by: person, now: now)
    }
    let notice = try transaction.notices.insert(draft, by: person, now: now)
    do { try enqueue(notice, in: transaction, now: now) } catch let error where !(error is StoreError) {
      // An address that cannot be written to must not keep a restriction from happening; the notice shows why.
      _ = try transaction.notices.settle(
        notice, state: .failed, lastError: "\(error)", nextAttemptAt: now, countsAttempt: true, now: now)
    }
    return try transaction.notices.get(notice.id) ?? notice
  }

  private func enqueue(_ notice: Notice, in transaction: Transaction, now: Timestamp) throws {
    guard let submitter else { throw OperationRefusal.notNow("no e-mail channel is configured") }
    let sender = sender
    let from = try Address(parsing: sender.address)
    let raw = try MessageComposer.compose(
      MessageDraft(
        from: NamedAddress(displayName: sender.displayName, address: from),
        to: [NamedAddress(displayName: "", address: try Address(parsing: notice.target))], subject: notice.subject,
        date: MailDate.format(now), messageID: "<\(UUID().uuidString.lowercased())@\(from.domain)>", text: notice.body,
        // No automatic reply is wanted to it (RFC 3834 §5), and none that comes makes a loop (fault 30).
        extraFields: [("Auto-Submitted", "auto-generated")]))
    let submissions = try submitter.prepare(
      Submitter.Request(
        source: "notice", raw: raw, account: from.description,
        idempotencyKey: "notice/\(notice.id)/\(notice.attempts)"))
    for submission in submissions {
      switch try submitter.insert(submission, now: now, in: transaction).insertion {
      case .inserted(let id), .duplicate(let id), .conflict(let id): try transaction.notices.bind(notice.id, to: id)
      }
    }
  }

  /// What notices are about, each with a template of that name.
  public static let templateKinds = CaseNotice.allCases.map(\.rawValue) + [NoticeOrder.testKind]

  /// Every template of ours that cannot be used: what it is for, and why not.
  public func templateProblems() -> [(kind: String, problem: String)] {
    NoticeDesk.templateKinds.compactMap { kind in
      do {
        _ = try template(kind)
        return nil
      } catch { return (kind, "\(error)") }
    }
  }

  private func template(_ kind: String) throws -> NoticeTemplate {
    let isPlain = !kind.isEmpty && kind.utf8.allSatisfy { (97...122).contains($0) || $0 == 45 }
    let files = folders.map { $0.appending(path: "\(kind).mustache").path }
    guard isPlain, let path = files.first(where: FileManager.default.fileExists) else {
      throw ConfigurationError(
        place: .init(file: "data/templates/notices/\(kind).mustache"), problem: "there is no such template",
        expected: "a file of that name, in the workspace or as shipped")
    }
    return try NoticeTemplate(path: path)
  }
}
