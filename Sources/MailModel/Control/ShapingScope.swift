/// What a limit, a pause or a slow-down is about.
public struct ShapingScope: Hashable, Sendable, CustomStringConvertible {
  public enum Kind: String, Sendable, CaseIterable {
    /// A sending identity, by its address.
    case inbox
    /// A relay, by `host:port`.
    case relay
    /// A campaign, by its name.
    case campaign
    /// A sending account, by its address.
    case account
    /// A destination: a provider's name, or a domain that belongs to none.
    case destination
  }

  public let kind: Kind
  /// Lower case: `Autumn` and `autumn` are one campaign to a pause.
  public let key: String

  public init(_ kind: Kind, _ key: String) {
    self.kind = kind
    // Made for every message that is claimed, and mostly lower case already.
    self.key = key.utf8.allSatisfy { $0 < 128 && !(65...90).contains($0) } ? key : key.lowercased()
  }

  /// Reads `destination:google`; `nil` for an unknown kind, an empty key or one longer than 300 bytes.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])), !parts[1].isEmpty, parts[1].utf8.count <= 300,
      !parts[1].unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else { return nil }
    self.init(kind, String(parts[1]))
  }

  public var description: String { "\(kind.rawValue):\(key)" }

  /// For people: `destination google`.
  public var words: String { "\(kind.rawValue) \(key)" }
}

/// Sending for a scope is paused by a person, or by policy.
public struct Pause: Sendable, Equatable {
  public var scope: ShapingScope
  public var reason: String
  public var by: String
  public var since: Timestamp
  /// `nil` until somebody lifts it.
  public var until: Timestamp?

  public init(scope: ShapingScope, reason: String, by: String, since: Timestamp, until: Timestamp?) {
    self.scope = scope
    self.reason = reason
    self.by = by
    self.since = since
    self.until = until
  }

  public func isActive(now: Timestamp) -> Bool { until.map { now < $0 } ?? true }
}
