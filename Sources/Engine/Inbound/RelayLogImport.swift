import Foundation
import MailFormats
public import MailModel
import Storage

/// What an import of a relay's log came to.
public struct RelayLogSummary: Sendable, Equatable {
  public var lines = 0
  /// Lines about messages of ours, by what they say: `message-id`, `queued`, `sent`, `bounced` …
  public var taken: [String: Int] = [:]
  /// Lines about messages of ours that were taken before.
  public var known = 0
  /// Messages in doubt that it settled as sent.
  public var settled: [Message.ID] = []
  /// Lines too long to be of Postfix.
  public var tooLong = 0
}

/// Reads a Postfix log and settles doubt by it: a relay that has a message in its queue, or has done something with it, was
/// handed it (DESIGN §2.3).
///
/// A message is tied to the log by its Message-ID (`cleanup`) and then by the queue id. Nothing here restricts or suppresses
/// anybody, and nothing is ever sent because of it: the worst that a forged line can do is to end a doubt, under the name of
/// whoever imported it.
public struct RelayLogImport: Sendable {
  /// Lines of one transaction.
  static let batch = 1_000

  let store: Store
  let actor: Actor
  let clock: any Clock
  let timeZone: TimeZone

  /// Reads a log to its end. The same lines again change nothing.
  ///
  /// - Parameters:
  ///   - name: of the file, for the audit log.
  ///   - read: the next bytes; empty at the end.
  /// - Throws: `StoreError`, and what `read` throws. What was taken before stays taken: repeating is safe.
  public func run(_ name: String, _ read: () throws -> [UInt8]) throws -> RelayLogSummary {
    var summary = RelayLogSummary()
    var lines = LogLines()
    var pending: [PostfixLogLine] = []
    func take(_ complete: [[UInt8]]) throws {
      for line in complete {
        summary.lines += 1
        if let line = PostfixLogLine(line) { pending.append(line) }
      }
      guard pending.count >= RelayLogImport.batch else { return }
      try commit(pending, name, &summary)
      pending = []
    }
    while true {
      let bytes = try read()
      guard !bytes.isEmpty else { break }
      try take(lines.append(bytes))
    }
    try take(lines.finish())
    summary.tooLong = lines.tooLong
    try commit(pending, name, &summary)
    try record(name, summary)
    return summary
  }

  private func commit(_ lines: [PostfixLogLine], _ name: String, _ summary: inout RelayLogSummary) throws {
    guard !lines.isEmpty else { return }
    let now = clock.now()
    summary = try store.write { transaction in
      var taking = RelayLogTaking(
        transaction: transaction, actor: actor, name: name, timeZone: timeZone, now: now, summary: summary)
      for line in lines { try taking.take(line) }
      return taking.summary
    }
  }

  private func record(_ name: String, _ summary: RelayLogSummary) throws {
    _ = try store.write { transaction in
      try transaction.audit.append(
        at: clock.now(), actor: actor, operation: "relay-log.import", subject: "file:\(name.prefix(200))", reason: "",
        detailsJSON: JSONLine.object([
          "lines": "\(summary.lines)", "about ours": "\(summary.taken.values.reduce(0, +))",
          "known": "\(summary.known)", "settled": "\(summary.settled.count)",
        ]))
    }
  }
}

/// Takes single lines inside one transaction.
private struct RelayLogTaking {
  let transaction: Transaction
  let actor: Actor
  let name: String
  let timeZone: TimeZone
  let now: Timestamp
  var summary: RelayLogSummary

  mutating func take(_ line: PostfixLogLine) throws {
    switch line.statement {
    case .messageID(let id): try tie(id, line)
    case .queued(let recipients): try queued(recipients, line)
    case .delivery(let delivery): try delivered(delivery, line)
    }
  }

  private mutating func tie(_ id: String, _ line: PostfixLogLine) throws {
    for message in try transaction.messages.find(messageID: id).prefix(100) where message.wasAttempted {
      let isNew = try transaction.relayQueue.note(
        host: line.host, queueID: line.queueID, message: message.id, at: moment(of: line))
      count(isNew, "message-id")
    }
  }

  /// A mail for one recipient that is in the queue was accepted for that one; of several only their own lines tell.
  private mutating func queued(_ recipients: Int, _ line: PostfixLogLine) throws {
    let ids = try transaction.relayQueue.messages(host: line.host, queueID: line.queueID)
    guard recipients == 1, ids.count == 1, let message = try transaction.messages.get(ids[0]) else { return }
    try note(message, "queued", "", line)
  }

  private mutating func delivered(_ delivery: PostfixLogLine.Delivery, _ line: PostfixLogLine) throws {
    let names = [delivery.recipient, delivery.originalRecipient ?? delivery.recipient].map { $0.lowercased() }
    for id in try transaction.relayQueue.messages(host: line.host, queueID: line.queueID) {
      guard let message = try transaction.messages.get(id), names.contains(message.recipient.lowercased()) else {
        continue
      }
      let detail = "relay=\(delivery.relay) dsn=\(delivery.enhancedStatus) \(delivery.text)"
      try note(message, delivery.status, detail, line)
    }
  }

  private mutating func note(
    _ message: Message, _ status: String, _ detail: String, _ line: PostfixLogLine
  ) throws {
    let moment = moment(of: line)
    let identity = "postfix \(line.host) \(line.queueID) \(message.id) \(status) \(moment.microseconds)"
    let isNew = try transaction.messageEvents.isNew(
      identity: identity, provider: "postfix", kind: status, occurredAt: moment, now: now)
    count(isNew, status)
    if isNew {
      try transaction.messageEvents.append(
        message.id, kind: "relay \(status)", at: moment, source: "log of \(line.host)",
        detail: "\(line.queueID) \(detail)")
    }
    try settle(message, status, line)
  }

  private mutating func settle(_ message: Message, _ status: String, _ line: PostfixLogLine) throws {
    let words = "the log of \(line.host) has it as \(line.queueID): \(status); imported by \(actor.name)"
    guard message.state == .uncertain,
      try transaction.messages.change(
        message.id, version: message.version, transition: .settleSent, reason: words, now: now)
    else { return }
    summary.settled.append(message.id)
    _ = try transaction.audit.append(
      at: now, actor: actor, operation: "policy.settle", subject: "message:\(message.id)",
      reason: "a line of the relay's log cites it",
      detailsJSON: JSONLine.object([
        "file": String(name.prefix(200)), "host": line.host, "queue id": line.queueID, "status": status,
      ]))
  }

  private mutating func count(_ isNew: Bool, _ what: String) {
    if isNew { summary.taken[what, default: 0] += 1 } else { summary.known += 1 }
  }

  /// A time without a year is of the last twelve months.
  private func moment(of line: PostfixLogLine) -> Timestamp {
    switch line.moment {
    case .exact(let moment): return moment
    case .local(let month, let day, let hour, let minute, let second):
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = timeZone
      let year = calendar.component(.year, from: Date(timeIntervalSince1970: Double(now.seconds)))
      for candidate in [year + 1, year, year - 1] {
        let fields = DateComponents(
          year: candidate, month: month, day: day, hour: hour, minute: minute, second: second)
        guard let date = calendar.date(from: fields) else { continue }
        let moment = Timestamp(seconds: Int64(date.timeIntervalSince1970))
        if moment <= now + .days(1) { return moment }
      }
      return now
    }
  }
}

/// Bytes into lines; what is longer than any line of Postfix is passed over.
private struct LogLines {
  private var rest: [UInt8] = []
  private var isPassingOver = false
  private(set) var tooLong = 0

  mutating func append(_ bytes: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var start = bytes.startIndex
    while let end = bytes[start...].firstIndex(of: 0x0A) {
      rest += bytes[start..<end]
      if !isPassingOver, rest.count <= PostfixLogLine.longest { lines.append(rest) } else { tooLong += 1 }
      rest = []
      isPassingOver = false
      start = end + 1
    }
    if !isPassingOver { rest += bytes[start...] }
    if rest.count > PostfixLogLine.longest {
      isPassingOver = true
      rest = []
    }
    return lines
  }

  mutating func finish() -> [[UInt8]] {
    defer { rest = [] }
    if isPassingOver { tooLong += 1 }
    return rest.isEmpty || isPassingOver ? [] : [rest]
  }
}

extension OpenWorkspace {
  /// What imports relays' logs into this workspace. - Throws: `OperationRefusal`.
  public func relayLogImport() throws -> RelayLogImport {
    guard !isReadOnly else { throw OperationRefusal.readOnly("relay-log.import") }
    guard actor.role >= .operator else {
      throw OperationRefusal.role(needed: .operator, actual: actor.role, operation: "relay-log.import")
    }
    return RelayLogImport(
      store: store, actor: actor, clock: clock, timeZone: workspace.configuration.inboxes.timeZone)
  }
}
