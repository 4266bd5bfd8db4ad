public import MailModel

/// The relays that mail may go over.
public struct RelayDirectory: Sendable {
  /// In the order in which they are tried: the first that is usable takes the mail.
  public var relays: [any Deliverer]
  /// The server of an inbox that has its own; mail of other messages goes over `relays`.
  public var forInbox: @Sendable (Inbox.ID) -> (any Deliverer)?
  /// Whether `forInbox` ever gives one.
  public var hasInboxes: Bool

  /// - Parameter forInbox: asked on delivery threads; `nil` where no inbox has a server of its own.
  public init(_ relays: [any Deliverer], forInbox: (@Sendable (Inbox.ID) -> (any Deliverer)?)? = nil) {
    self.relays = relays
    self.forInbox = forInbox ?? { _ in nil }
    hasInboxes = forInbox != nil
  }
}

/// Which relay takes the next message, and why not the one before it in the list.
///
/// A relay that refused a connection or a login rests and comes back by itself; one that an operator paused is passed over.
/// This is only ever asked for a message that has no connection yet: once its final dot was begun nothing is tried again.
struct RelayChoice: Sendable {
  let directory: RelayDirectory
  let health: RelayHealth

  enum Answer {
    case use(any Deliverer)
    /// None is usable now; the first of them is again at this moment.
    case none(until: Timestamp, reason: String)
  }

  /// - Parameters:
  ///   - chosen: the relay that an operator chose for the message; no other is tried then.
  ///   - paused: relays that an operator paused.
  func relay(for inbox: Inbox.ID?, chosen: String? = nil, paused: Set<ShapingScope>, now: Timestamp) -> Answer {
    let candidates = candidates(for: inbox, chosen: chosen)
    if let chosen, candidates.isEmpty {
      return .none(until: now + .minutes(5), reason: "relay \(chosen), chosen by an operator, is not configured here")
    }
    if chosen == nil, let inbox, let pause = health.pause(of: Inbox.serverWithoutLogin(inbox), now: now) {
      return .none(until: pause.until, reason: pause.reason)
    }
    var earliest: (until: Timestamp, reason: String)?
    for candidate in candidates where paused.isEmpty || !paused.contains(ShapingScope(.relay, candidate.relay)) {
      guard let pause = health.pause(of: candidate.relay, now: now) else { return .use(candidate) }
      if earliest.map({ pause.until < $0.until }) ?? true { earliest = (pause.until, pause.reason) }
    }
    guard let earliest else { return .none(until: now + .seconds(5), reason: "every relay is paused by an operator") }
    return .none(until: earliest.until, reason: earliest.reason)
  }

  private func candidates(for inbox: Inbox.ID?, chosen: String?) -> [any Deliverer] {
    if let chosen { return directory.relays.filter { $0.relay == chosen } }
    return inbox.flatMap(directory.forInbox).map { [$0] } ?? directory.relays
  }
}
