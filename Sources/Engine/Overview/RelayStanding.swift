public import MailModel
import MailPolicy
import Storage

/// Whether a relay of the configuration takes mail, and why not.
public struct RelayStanding: Sendable, Equatable {
  public enum Condition: Sendable, Equatable {
    /// Nothing speaks against it.
    case ready
    /// It failed and has rested: the next message tries it.
    case tried(reason: String, failures: Int)
    /// It failed and rests.
    case rests(until: Timestamp, reason: String, failures: Int)
    /// Somebody switched it off.
    case paused(Pause)
  }

  /// `host:port`.
  public var relay: String
  public var condition: Condition

  /// Text from outside, as far as it quotes what the relay said.
  public func words(now: Timestamp) -> String {
    switch condition {
    case .ready: "takes mail"
    case .tried(let reason, let failures): "tried again with the next message, \(failures) failures: \(reason)"
    case .rests(let until, let reason, let failures):
      "rests until \(Clockface.short(until, now: now)), \(failures) failures: \(reason)"
    case .paused(let pause):
      "paused by \(pause.by)\(pause.until.map { " until \(Clockface.short($0, now: now))" } ?? ""): \(pause.reason)"
    }
  }

  static func read(_ relays: [String], now: Timestamp, in transaction: Transaction) throws -> [RelayStanding] {
    try relays.map { try read($0, now: now, in: transaction) }
  }

  static func read(_ relay: String, now: Timestamp, in transaction: Transaction) throws -> RelayStanding {
    if let pause = try transaction.throttles.pause(of: ShapingScope(.relay, relay)), pause.isActive(now: now) {
      return RelayStanding(relay: relay, condition: .paused(pause))
    }
    guard let state = try transaction.relays.get(relay), state.consecutiveFailures > 0 else {
      return RelayStanding(relay: relay, condition: .ready)
    }
    guard let until = state.pausedUntil, now < until else {
      return RelayStanding(relay: relay, condition: .tried(reason: state.reason, failures: state.consecutiveFailures))
    }
    return RelayStanding(
      relay: relay, condition: .rests(until: until, reason: state.reason, failures: state.consecutiveFailures))
  }
}

extension RelayStanding {
  /// Those that have failed again and again, and lately: of the configuration, and the own servers of inboxes, by the
  /// inbox's address where there is no login for its server. What somebody switched off is no trouble.
  /// - Parameter configured: of the configuration. - Throws: `StoreError`.
  static func failing(_ configured: [String], now: Timestamp, in transaction: Transaction) throws -> [RelayStanding] {
    let failing = try transaction.relays.failing(
      AlertThresholds.relayFailures, since: now - AlertThresholds.relayFailureAge)
    guard !failing.isEmpty else { return [] }
    let inboxes = try transaction.inboxes.all()
    let known = Set(configured + inboxes.map(\.smtp.endpoint))
    let servers = try failing.filter(known.contains).map { try read($0, now: now, in: transaction) }
    return try servers.filter(\.isInTrouble)
      + inboxes.filter { failing.contains(Inbox.serverWithoutLogin($0.id)) }.map {
        try withoutLogin($0, now: now, in: transaction)
      }
  }

  /// Of an inbox for whose server there was no login when it was tried last.
  private static func withoutLogin(
    _ inbox: Inbox, now: Timestamp, in transaction: Transaction
  ) throws -> RelayStanding {
    var standing = try read(Inbox.serverWithoutLogin(inbox.id), now: now, in: transaction)
    standing.relay = inbox.address
    return standing
  }

  /// Of an inbox's own server.
  /// - Throws: `StoreError`.
  static func read(own inbox: Inbox, now: Timestamp, in transaction: Transaction) throws -> RelayStanding {
    // Older failures tell nothing: the password may have come back without this program.
    let lately = try transaction.relays.failing(1, since: now - AlertThresholds.relayFailureAge)
    return lately.contains(Inbox.serverWithoutLogin(inbox.id))
      ? try withoutLogin(inbox, now: now, in: transaction) : try read(inbox.smtp.endpoint, now: now, in: transaction)
  }

  /// It failed of itself; nobody switched it off.
  public var isInTrouble: Bool {
    switch condition {
    case .tried, .rests: true
    case .ready, .paused: false
    }
  }
}

extension Overview {
  /// The fallback relay that takes the mail while those before it do not; `nil` while the first one does, or none.
  public var fallbackInUse: RelayStanding? {
    guard let first = relays.first, first.condition != .ready else { return nil }
    return relays.dropFirst().first { $0.condition == .ready }
  }

  /// In a few words, for the header; `nil` while the first relay takes the mail.
  public var relayTrouble: String? {
    guard let first = relays.first, first.condition != .ready else { return nil }
    if let fallback = fallbackInUse { return "mail goes over \(fallback.relay)" }
    switch first.condition {
    case .rests(let until, _, _):
      let soonest = relays.reduce(until) { earliest, relay in
        if case .rests(let other, _, _) = relay.condition { min(earliest, other) } else { earliest }
      }
      return relays.allSatisfy(\.isResting) ? "no relay until \(Clockface.short(soonest, now: takenAt))" : nil
    case .paused: return relays.allSatisfy { $0.condition != .ready } ? "no relay: \(first.relay) is paused" : nil
    case .ready, .tried: return nil
    }
  }
}

extension RelayStanding {
  /// Nothing goes over it now.
  var isClosed: Bool {
    switch condition {
    case .rests, .paused: true
    case .ready, .tried: false
    }
  }

  fileprivate var isResting: Bool {
    if case .rests = condition { true } else { false }
  }
}

extension Provenance {
  /// Each relay, while not all of them take mail, and the inboxes' own that fail.
  static func relays(_ overview: Overview) -> [Provenance] {
    let own = overview.inboxRelays.map { ("relay of an inbox", $0) }
    let hasTrouble = overview.relays.contains { $0.condition != .ready }
    let listed = overview.relays.enumerated().map { ($0 == 0 ? "relay" : "fallback \($0)", $1) }
    return ((hasTrouble ? listed : []) + own).map { name, relay in
      Provenance(number: name, value: relay.relay, source: relay.words(now: overview.takenAt))
    }
  }
}
