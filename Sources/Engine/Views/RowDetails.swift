import MailFormats
public import MailModel
import MailPolicy
import Storage

/// What is known about one row besides the row itself.
public enum RowDetails: Sendable, Equatable {
  /// - excerpt: the first bytes of the message as it is stored. Text from outside.
  /// - story: its history, and what is known of its doubt.
  case message(attempts: [Attempt], bounces: [Bounce], thread: MessageThread, excerpt: [UInt8], story: MessageStory)
  /// - suppression: what keeps mail of this sender from the recipient now.
  case bounce(report: Report?, suppression: Suppression?, message: Message?, excerpt: [UInt8])
  /// - candidates: the messages that it may be about, best first. - names: the recipients that it names.
  case unmatched(candidates: [RankedCandidate], names: [String], excerpt: [UInt8])
  /// - entries: all of the address. - held, lost: messages to it that are held, and that were suppressed.
  case suppression(entries: [Suppression], held: Int, lost: Int)
  case complaint(report: Report?, account: Account?, count: Int, thresholds: ComplaintThresholds)
  case account(AccountDetails)
  /// Nothing besides the row: audit events and approvals say everything themselves.
  case nothing
}

/// Complaints at which an account is flagged and restricted, and the window they are counted in.
public struct ComplaintThresholds: Sendable, Equatable {
  public var flag: Int
  public var restrict: Int
  public var window: Span

  /// `30 days (flagged at 3, restricted at 5)`.
  public var words: String {
    "\(window.microseconds / Span.days(1).microseconds) days (flagged at \(flag), restricted at \(restrict))"
  }
}

public struct AccountDetails: Sendable, Equatable {
  /// Complaints that count now.
  public var complaintsInWindow: Int
  public var thresholds: ComplaintThresholds
  /// The last ten, newest first.
  public var complaints: [Complaint]
  /// Counted no further than `Amount.most`, as is ``held``.
  public var waiting: Int
  public var held: Int
}

extension OpenWorkspace {
  /// - Throws: `StoreError`.
  public func details(of row: ListedRow) throws -> RowDetails {
    try store.read { transaction in
      switch row {
      case .message(let message):
        .message(
          attempts: try transaction.attempts.list(of: message.id),
          bounces: try transaction.bounces.list(of: message.id),
          thread: try MessageThread.read(of: message.id, in: transaction),
          excerpt: try transaction.messages.body(of: message.id, limit: RowReading.excerpt) ?? [],
          story: try story(message, in: transaction))
      case .bounce(let bounce): try RowReading.bounce(bounce, transaction, now: clock.now())
      case .unmatched(let report): try RowReading.unmatched(report, viewClassifier, transaction)
      case .suppression(let row):
        .suppression(
          entries: try transaction.suppressions.list(row.address),
          held: try transaction.messages.count(recipient: row.address, state: .held),
          lost: try transaction.messages.count(recipient: row.address, state: .suppressed))
      case .pattern, .audit, .approval, .inbox, .notice: .nothing
      case .complaint(let complaint): try complaintDetails(complaint, transaction)
      case .account(let account): .account(try accountDetails(account, transaction))
      }
    }
  }

  private var thresholds: ComplaintThresholds {
    let policy = workspace.configuration.restriction
    return ComplaintThresholds(
      flag: policy.complaintsToFlag, restrict: policy.complaintsToRestrict, window: policy.window)
  }

  private func countedComplaints(_ account: Account.ID, _ transaction: Transaction) throws -> Int {
    try transaction.complaints.countSince(account: account, since: clock.now() - thresholds.window)
  }

  private func complaintDetails(_ complaint: Complaint, _ transaction: Transaction) throws -> RowDetails {
    .complaint(
      report: try transaction.reports.get(complaint.reportID),
      account: try complaint.accountID.flatMap { try transaction.accounts.get($0) },
      count: try complaint.accountID.map { try countedComplaints($0, transaction) } ?? 0, thresholds: thresholds)
  }

  private func accountDetails(_ account: Account, _ transaction: Transaction) throws -> AccountDetails {
    AccountDetails(
      complaintsInWindow: try countedComplaints(account.id, transaction), thresholds: thresholds,
      complaints: try transaction.complaints.page(ComplaintQuery(account: account.id, limit: 10)).rows,
      waiting: try transaction.messages.count(account: account.id, states: .queued, .leased, limit: Amount.most),
      held: try transaction.messages.count(account: account.id, states: .held, limit: Amount.most))
  }
}

enum RowReading {
  /// Bytes of a message or report that details show.
  static let excerpt = 4096

  static func unmatched(
    _ report: Report, _ classifier: ReportClassifier, _ transaction: Transaction
  ) throws -> RowDetails {
    let details = try UnmatchedReading.details(of: report.id, classifier, in: transaction)
    return .unmatched(
      candidates: details?.candidates ?? [], names: details?.recipients ?? [],
      excerpt: try transaction.reports.raw(of: report.id, limit: excerpt) ?? [])
  }

  static func bounce(_ bounce: Bounce, _ transaction: Transaction, now: Timestamp) throws -> RowDetails {
    let message = try bounce.messageID.flatMap { try transaction.messages.get($0) }
    return .bounce(
      report: try transaction.reports.get(bounce.reportID),
      suppression: try transaction.suppressions.active(bounce.recipient, account: message?.accountID, now: now),
      message: message,
      excerpt: try transaction.reports.raw(of: bounce.reportID, limit: excerpt) ?? [])
  }
}
