public import Foundation
import MailFormats
import MailModel
import Mustache
public import Storage

/// The daily send: roster × template. Renders everything before anything is queued.
public struct DailySend: Sendable {
  /// One message ready to be queued or looked at.
  public struct Draft: Sendable {
    public var row: Roster.Row
    public var account: String
    public var raw: [UInt8]
  }

  /// What would be sent, and who would not get it and why.
  public struct Plan: Sendable {
    public var drafts: [Draft] = []
    public var skipped: [String] = []
    /// How many of those are mistakes of the roster or the configuration; the others may not get it.
    public var refused = 0
    /// What the template names and no column has: it stays empty in every message.
    public var empty: [String] = []
  }

  private let template: DailyTemplate
  private let fromAddress: String
  private let clock: any Clock

  /// - Parameter fromAddress: the sending account of rows that name none.
  /// - Throws: `ConfigurationError` when the template cannot be used.
  public init(templatePath: String, fromAddress: String, clock: any Clock) throws {
    template = try DailyTemplate(path: templatePath)
    self.fromAddress = fromAddress
    self.clock = clock
  }

  /// - Throws: `StoreError`.
  public func plan(_ roster: Roster, store: Store) throws -> Plan {
    var plan = Plan()
    (plan.skipped, plan.refused) = (roster.problems, roster.mistakes)
    plan.empty = template.names.filter { !roster.columns.contains($0) && !DailyTemplate.given.contains($0) }
    try store.read { transaction in
      for row in roster.rows {
        if let problem = try problem(row, in: transaction) {
          plan.skipped.append("line \(row.line): \(row.address): \(problem)")
          continue
        }
        let account = row.account.isEmpty ? fromAddress : row.account
        do {
          try DailySend.refuse(sender: account)
          plan.drafts.append(
            Draft(row: row, account: account, raw: try template.render(row, account: account, now: clock.now())))
        } catch {
          plan.refused += 1
          plan.skipped.append("line \(row.line): \(row.address): \(error)")
        }
      }
    }
    return plan
  }

  private static func refuse(sender account: String) throws {
    if account.isEmpty {
      throw SenderProblem(description: "nobody to send it: the roster names no account, and FROM_ADDRESS is not set")
    }
    do { _ = try Address(parsing: account) } catch {
      throw SenderProblem(description: "the account '\(account.prefix(100))' is no address: \(error)")
    }
  }

  private func problem(_ row: Roster.Row, in transaction: Transaction) throws -> String? {
    if let refusal = row.refusal { return refusal }
    let address = row.address.description
    let account = try transaction.accounts.get(address: row.account.isEmpty ? fromAddress : row.account)?.id
    if let suppression = try transaction.suppressions.active(address, account: account, now: clock.now()) {
      return "suppressed: \(suppression.reason)"
    }
    if let recipient = try transaction.recipients.get(address), !recipient.isActive {
      return "inactive: \(recipient.reason)"
    }
    return nil
  }

  /// The request of one draft: once a day, template and recipient, however often the send is started.
  public func request(_ draft: Draft) -> Submitter.Request {
    let day = Clockface.day(clock.now())
    var request = Submitter.Request(
      source: "daily", raw: draft.raw, recipients: [draft.row.address], account: draft.account,
      idempotencyKey: "\(day)/\(template.name)")
    request.isOncePerKey = true
    if Submitter.isCampaign(template.name) { request.campaign = template.name }
    return request
  }

  /// Writes the drafts as `.eml` files, for people to look at. - Returns: the folder.
  public func writeFiles(_ drafts: [Draft], to outbox: URL) throws -> URL {
    let folder = outbox.appending(path: "daily-\(Clockface.day(clock.now()))")
    try PrivateFile.makeFolder(folder.path)
    // What an earlier run of the day left would pass for today's mail.
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where DailySend.isDraft(name) {
      try FileManager.default.removeItem(at: folder.appending(path: name))
    }
    for (index, draft) in drafts.enumerated() {
      let name = draft.row.address.description.map {
        $0.isASCII && ($0.isLetter || $0.isNumber || "@.-_".contains($0)) ? $0 : "_"
      }
      let file = folder.appending(path: "\(index + 1)-\(String(name)).eml")
      try Data(draft.raw).write(to: file)
    }
    return folder
  }

  private static func isDraft(_ name: String) -> Bool {
    name.hasSuffix(".eml") && name.prefix { $0 != "-" }.allSatisfy(\.isNumber) && name.first != "-"
  }
}

/// Why a row of the roster has nobody to send it.
private struct SenderProblem: Error, CustomStringConvertible {
  var description: String
}
