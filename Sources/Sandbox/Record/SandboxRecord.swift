public import MailModel
internal import Synchronization

/// What happened in a sandbox, for tests and for people who watch a rehearsal. Safe from any thread; bounded.
public final class SandboxRecord: Sendable {
  private struct State {
    var accepted: [AcceptedMessage] = []
    var acceptedCount = 0
    var counts: [String: Int] = [:]
    var bodyBytes = 0
    var log: [String] = []
    var connections = 0
    var openConnections = 0
    var dataCommands = 0
    var reportsUnderway = 0
    var reportsDelivered = 0
  }

  private let state = Mutex(State())
  private let observer: @Sendable (String) -> Void

  init(observer: @escaping @Sendable (String) -> Void) { self.observer = observer }

  /// The messages taken, oldest first, within the bound of the settings.
  public var acceptedMessages: [AcceptedMessage] { state.withLock { $0.accepted } }
  /// How many were taken since the start, kept or not.
  public var acceptedCount: Int { state.withLock { $0.acceptedCount } }
  /// How often each Message-ID was taken: more than 1 is a doubled delivery.
  public var countsByMessageID: [String: Int] { state.withLock { $0.counts } }
  /// The Message-IDs taken more than once.
  public var doubledMessageIDs: [String] { state.withLock { $0.counts.filter { $0.value > 1 }.map(\.key).sorted() } }
  /// When the last final dot was read.
  public var lastDotAt: Timestamp? { state.withLock { $0.accepted.last?.dotAt } }
  /// The dialogue, newest last, each line as `smtp#3 < RCPT TO:<a@b>`, control characters escaped.
  public var log: [String] { state.withLock { $0.log } }
  /// SMTP connections that are open now.
  public var openConnectionCount: Int { state.withLock { $0.openConnections } }
  /// DATA commands answered with 354 since the start.
  public var dataCount: Int { state.withLock { $0.dataCommands } }
  /// Reports promised by accepted messages that have not reached the mailbox yet, and those that have.
  public var reportsUnderway: Int { state.withLock { $0.reportsUnderway } }
  public var reportsDelivered: Int { state.withLock { $0.reportsDelivered } }

  func connectionOpened() -> (id: Int, open: Int) {
    state.withLock {
      $0.connections += 1
      $0.openConnections += 1
      return ($0.connections, $0.openConnections)
    }
  }

  func connectionClosed() { state.withLock { $0.openConnections -= 1 } }
  func dataStarted() { state.withLock { $0.dataCommands += 1 } }

  /// - Parameter message: its ordinal and body are set here.
  func took(_ message: AcceptedMessage, body: [UInt8], bounds: SandboxSettings) {
    state.withLock { state in
      state.acceptedCount += 1
      var message = message
      message.ordinal = state.acceptedCount
      if state.bodyBytes + body.count <= bounds.keptBodyBytes {
        state.bodyBytes += body.count
        message.body = body
      }
      if let id = message.messageID, state.counts[id] != nil || state.counts.count < bounds.keptMessages {
        state.counts[id, default: 0] += 1
      }
      if state.accepted.count >= bounds.keptMessages {
        let dropped = state.accepted.prefix(bounds.keptMessages / 2 + 1)
        state.bodyBytes -= dropped.reduce(0) { $0 + ($1.body?.count ?? 0) }
        state.accepted.removeFirst(dropped.count)
      }
      state.accepted.append(message)
    }
  }

  func reportPromised() { state.withLock { $0.reportsUnderway += 1 } }

  func reportEnded(delivered: Bool) {
    state.withLock {
      $0.reportsUnderway -= 1
      if delivered { $0.reportsDelivered += 1 }
    }
  }

  /// What was promised and can no longer come, because the sandbox stopped.
  func forgetPromises() { state.withLock { $0.reportsUnderway = 0 } }

  func note(_ line: String, limit: Int) {
    let visible = line.visible
    state.withLock { state in
      if state.log.count >= max(limit, 2) { state.log.removeFirst(state.log.count / 2) }
      state.log.append(visible)
    }
    observer(visible)
  }
}

extension String {
  /// Control characters as `\u{1B}`, cut at 400 characters: what a client sent must not drive a terminal.
  var visible: String {
    var shown = ""
    for scalar in unicodeScalars.prefix(400) {
      let isPlain = scalar.value >= 0x20 && !(0x7f...0x9f).contains(scalar.value)
      shown += isPlain ? String(scalar) : scalar.escaped(asASCII: true)
    }
    return shown
  }
}
