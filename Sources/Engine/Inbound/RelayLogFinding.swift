import Foundation
import MailFormats
import MailModel
import Storage

/// What a line of a relay's log says about messages of ours.
enum RelayLogFinding {
  /// The relay calls the message by this queue id.
  case tie(Message)
  /// The relay has given this queue id to another mail since: short ones come again after a while.
  case untie
  /// The relay had the message, or did something with it.
  case status(Message, String, detail: String)
}

/// Finds messages of ours in lines, by ties that the store has and ties of this reading.
struct RelayLogMatcher {
  private struct Key: Hashable {
    var host: String
    var queueID: String
  }

  let timeZone: TimeZone
  let now: Timestamp
  var source: RelayLogSource
  /// Ties that are not in the store: of a preview.
  private var ties: [Key: [Message.ID]] = [:]
  private var untied: Set<Key> = []
  private let keepsTies: Bool

  init(source: RelayLogSource, timeZone: TimeZone, now: Timestamp, keepsTies: Bool = false) {
    self.source = source
    self.timeZone = timeZone
    self.now = now
    self.keepsTies = keepsTies
  }

  mutating func findings(_ line: PostfixLogLine, in transaction: Transaction) throws -> [RelayLogFinding] {
    switch line.statement {
    case .messageID(let id): return try byMessageID(id, line, transaction)
    case .queued(let recipients): return try queued(recipients, line, transaction)
    case .delivery(let delivery): return try delivered(delivery, line, transaction)
    }
  }

  private mutating func byMessageID(
    _ id: String, _ line: PostfixLogLine, _ transaction: Transaction
  ) throws -> [RelayLogFinding] {
    let messages = latest(
      try transaction.messages.find(messageID: id).prefix(100).filter(\.wasAttempted), before: moment(of: line))
    if messages.isEmpty {
      ties[key(line)] = nil
      if keepsTies { untied.insert(key(line)) }
      return [.untie]
    }
    return try messages.map { message in
      try source.learn(line, message: message.id, in: transaction)
      note(message.id, line)
      return .tie(message)
    }
  }

  /// What was enqueued anew has the id of what it was made of: of each recipient the last that was there when the line
  /// was written.
  private func latest(_ messages: [Message], before moment: Timestamp) -> [Message] {
    Dictionary(grouping: messages) { $0.recipient.lowercased() }.values.compactMap { rows in
      rows.last { $0.enqueuedAt <= moment + RelayLogSource.skew } ?? rows.first
    }.sorted { $0.id < $1.id }
  }

  /// A mail for one recipient that is in the queue was accepted for that one; of several only their own lines tell.
  private mutating func queued(
    _ recipients: Int, _ line: PostfixLogLine, _ transaction: Transaction
  ) throws -> [RelayLogFinding] {
    let (messages, isNew) = try messages(line, transaction)
    let ties = isNew ? messages.map(RelayLogFinding.tie) : []
    guard recipients == 1, messages.count == 1 else { return ties }
    return ties + [.status(messages[0], "queued", detail: "")]
  }

  private mutating func delivered(
    _ delivery: PostfixLogLine.Delivery, _ line: PostfixLogLine, _ transaction: Transaction
  ) throws -> [RelayLogFinding] {
    let names = [delivery.recipient, delivery.originalRecipient ?? delivery.recipient].map { $0.lowercased() }
    let (messages, isNew) = try messages(line, transaction)
    let ours = messages.filter { names.contains($0.recipient.lowercased()) }
    let detail = "relay=\(delivery.relay) dsn=\(delivery.enhancedStatus) \(delivery.text)"
    return (isNew ? ours.map(RelayLogFinding.tie) : [])
      + ours.map { .status($0, delivery.status, detail: detail) }
  }

  /// - Returns: also whether the relay's reply told, and no tie was known before.
  private mutating func messages(
    _ line: PostfixLogLine, _ transaction: Transaction
  ) throws -> (messages: [Message], isNew: Bool) {
    let stored =
      untied.contains(key(line)) ? [] : try transaction.relayQueue.messages(host: line.host, queueID: line.queueID)
    let ids = stored + (ties[key(line)] ?? [])
    if !ids.isEmpty { return (try Set(ids).sorted().compactMap { try transaction.messages.get($0) }, false) }
    guard let id = try source.message(line, at: moment(of: line), in: transaction),
      let message = try transaction.messages.get(id)
    else { return ([], false) }
    note(id, line)
    return ([message], true)
  }

  private mutating func note(_ id: Message.ID, _ line: PostfixLogLine) {
    if keepsTies { ties[key(line), default: []].append(id) }
  }

  private func key(_ line: PostfixLogLine) -> Key { Key(host: line.host, queueID: line.queueID) }

  /// A time without a year is of the last twelve months.
  func moment(of line: PostfixLogLine) -> Timestamp {
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
