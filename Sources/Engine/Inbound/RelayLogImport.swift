import Foundation
import MailFormats
public import MailModel
import Storage

/// What an import of a relay's log came to.
public struct RelayLogSummary: Sendable, Equatable {
  public var lines = 0
  /// Those among them that are of a Postfix log.
  public var understood = 0
  /// Lines about messages of ours, by what they say: `tied`, `queued`, `sent`, `bounced` …
  public var taken: [String: Int] = [:]
  /// Lines about messages of ours that were taken before.
  public var known = 0
  /// Messages in doubt that it settled as sent.
  public var settled: [Message.ID] = []
  /// Lines too long to be of Postfix.
  public var tooLong = 0

  public var words: String {
    if lines > 0, understood == 0 { return notOurs }
    return "\(Amount.words(lines, "line")); about messages of ours: \(Amount.kinds(taken)), "
      + "\(known) known already, \(tooLong) too long; \(Amount.inDoubt(settled.count)) settled as sent"
  }

  /// Not a file that says nothing about our mail: another file.
  fileprivate var notOurs: String { "\(Amount.words(lines, "line")), none of a Postfix log: is it the right file?" }
}

/// Reads a Postfix log and settles doubt by it: a relay that has a message in its queue, or has done something with it, was
/// handed it (DESIGN §2.3).
///
/// A message is tied to the log by its Message-ID (`cleanup`), or by the queue id that the same relay named in its reply to
/// us, and then by the queue id. Nothing here restricts or suppresses anybody, and nothing is ever sent because of it: the
/// worst that a forged line can do is to end a doubt, under the name of whoever imported it.
struct RelayLogImport: OperationParts {
  /// Lines of one transaction.
  static let batch = 1_000

  private let file: MaterialFile
  private let timeZone: TimeZone
  private var source: RelayLogSource
  private var lines = LogLines()
  private var pending: [PostfixLogLine] = []
  private var hasEnded = false
  private var hasCaughtUp = false
  private(set) var summary = RelayLogSummary()

  /// - Throws: `ConfigurationError` when the file cannot be opened.
  init(_ request: OperationRequest, timeZone: TimeZone) throws {
    file = try MaterialFile(request)
    self.timeZone = timeZone
    source = RelayLogSource(given: request.arguments["relay"], ownName: ProcessInfo.processInfo.hostName)
  }

  mutating func gather(_ store: Store, _ context: OperationContext) throws -> Bool {
    if !hasCaughtUp { try RelayLogSource.catchUp(store, now: context.now) }
    hasCaughtUp = true
    pending = []
    try read()
    return !pending.isEmpty
  }

  private mutating func read() throws {
    while pending.count < RelayLogImport.batch, !hasEnded {
      let bytes = try file.read()
      hasEnded = bytes.isEmpty
      for line in hasEnded ? lines.finish() : lines.append(bytes) {
        summary.lines += 1
        guard let line = PostfixLogLine(line) else { continue }
        summary.understood += 1
        pending.append(line)
      }
      summary.tooLong = lines.tooLong
    }
  }

  mutating func perform(_ transaction: Transaction, _ context: OperationContext) throws -> Effect {
    var part = RelayLogSummary()
    (part.lines, part.understood) = (pending.count, pending.count)
    var taking = RelayLogTaking(
      transaction: transaction, actor: context.actor, name: file.name,
      matcher: RelayLogMatcher(source: source, timeZone: timeZone, now: context.now), summary: part)
    for line in pending { try taking.take(line) }
    source = taking.matcher.source
    summary.add(taking.summary)
    return effect(of: taking.summary)
  }

  var total: Effect { effect(of: summary) }

  private func effect(of summary: RelayLogSummary) -> Effect {
    Effect(
      summary.words, subject: "file:\(file.name.prefix(200))",
      details: [
        "lines": "\(summary.lines)", "about ours": "\(summary.taken.values.reduce(0, +))",
        "known": "\(summary.known)", "settled": "\(summary.settled.count)",
      ], changed: summary.taken.values.reduce(0, +) + summary.settled.count)
  }

  func preview(_ store: Store, _ context: OperationContext) throws -> Preview {
    try RelayLogSource.catchUp(store, now: context.now)
    var reading = self
    var matcher = RelayLogMatcher(source: source, timeZone: timeZone, now: context.now, keepsTies: true)
    var counts: [String: Int] = [:]
    var settled: Set<Message.ID> = []
    repeat {
      reading.pending = []
      try reading.read()
      try store.read { transaction in
        for line in reading.pending {
          for finding in try matcher.findings(line, in: transaction) {
            guard case .status(let message, let status, _) = finding else { continue }
            counts[status, default: 0] += 1
            if message.state == .uncertain { settled.insert(message.id) }
          }
        }
      }
    } while !reading.hasEnded
    if reading.summary.lines > 0, reading.summary.understood == 0 {
      return Preview(summary: reading.summary.notOurs, isEmpty: true)
    }
    return Preview(
      summary:
        "settles \(Amount.inDoubt(settled.count)) as sent; \(Amount.words(reading.summary.lines, "line"))",
      lines: ["about messages of ours: \(Amount.kinds(counts)), those known already among them"]
        + settled.sorted().prefix(20).map { "message \($0)" },
      isEmpty: counts.isEmpty)
  }
}

extension RelayLogSummary {
  fileprivate mutating func add(_ part: RelayLogSummary) {
    taken.merge(part.taken, uniquingKeysWith: +)
    known += part.known
    settled += part.settled
  }
}

/// Takes single lines inside one transaction.
private struct RelayLogTaking {
  let transaction: Transaction
  let actor: Actor
  let name: String
  var matcher: RelayLogMatcher
  var summary: RelayLogSummary

  mutating func take(_ line: PostfixLogLine) throws {
    for finding in try matcher.findings(line, in: transaction) {
      switch finding {
      case .tie(let message):
        let isNew = try transaction.relayQueue.note(
          host: line.host, queueID: line.queueID, message: message.id, at: matcher.moment(of: line))
        count(isNew, "tied")
      case .untie:
        try transaction.relayQueue.forget(host: line.host, queueID: line.queueID, before: matcher.moment(of: line))
      case .status(let message, let status, let detail): try note(message, status, detail, line)
      }
    }
  }

  private mutating func note(
    _ message: Message, _ status: String, _ detail: String, _ line: PostfixLogLine
  ) throws {
    let moment = matcher.moment(of: line)
    let identity = "postfix \(line.host) \(line.queueID) \(message.id) \(status) \(moment.microseconds)"
    let isNew = try transaction.messageEvents.isNew(
      identity: identity, provider: "postfix", kind: status, occurredAt: moment, now: matcher.now)
    count(isNew, status)
    if isNew {
      try transaction.messageEvents.append(
        message.id, kind: "relay \(status)", at: moment, source: "log of \(line.host)",
        detail: "\(line.queueID) \(detail)")
    }
    try settle(message, status, line)
  }

  private mutating func settle(_ message: Message, _ status: String, _ line: PostfixLogLine) throws {
    let isSettled = try transaction.settle(
      message, reason: "the log of \(line.host) has it as \(line.queueID): \(status); imported by \(actor.name)",
      evidence: "a line of the relay's log cites it",
      details: ["file": String(name.prefix(200)), "host": line.host, "queue id": line.queueID, "status": status],
      by: actor, now: matcher.now)
    if isSettled { summary.settled.append(message.id) }
  }

  private mutating func count(_ isNew: Bool, _ what: String) {
    if isNew { summary.taken[what, default: 0] += 1 } else { summary.known += 1 }
  }
}
