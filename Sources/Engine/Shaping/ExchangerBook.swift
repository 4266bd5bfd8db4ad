import MailModel
public import MailPolicy
import Storage
import Synchronization

/// Which exchanger tells the provider of which domain: what the store keeps, in memory, so that a claim asks nobody.
public final class ExchangerBook: Sendable {
  private struct Entry {
    /// `nil` when none of the domain's exchangers is a provider's.
    var deciding: String?
    var expiresAt: Timestamp
  }

  private let rules: ShapingRules
  private let entries = Mutex<[String: Entry]>([:])

  /// - Parameter rules: as they hold while the engine runs.
  public init(rules: ShapingRules = ShapingRules()) { self.rules = rules }

  /// The exchanger that tells a domain's provider; `nil` as long as nothing is known. What is known stays in use until
  /// something newer is: a resolver that fails must not move a destination from one limit to another.
  public func deciding(_ domain: String) -> String? { entries.withLock { $0[domain]?.deciding } }

  func take(_ known: [Exchangers.Known]) {
    guard !known.isEmpty else { return }
    entries.withLock { entries in
      if entries.count + known.count > Exchangers.capacity * 2 { entries.removeAll() }
      for one in known {
        switch one.answer {
        case .exchangers(let exchangers):
          entries[one.domain] = Entry(deciding: rules.deciding(among: exchangers)?.host, expiresAt: one.expiresAt)
        case .implicit: entries[one.domain] = Entry(deciding: one.domain, expiresAt: one.expiresAt)
        case .null, .noDomain: entries[one.domain] = Entry(deciding: nil, expiresAt: one.expiresAt)
        case .failed: entries[one.domain, default: Entry(expiresAt: one.expiresAt)].expiresAt = one.expiresAt
        }
      }
    }
  }

  /// Those of the domains that have to be asked for, each once, in their order.
  func unknown(_ domains: some Sequence<String>, now: Timestamp) -> [String] {
    var seen: Set<String> = []
    return entries.withLock { entries in
      domains.filter { domain in
        guard !rules.names(domain), seen.insert(domain).inserted, ExchangerBook.isAskable(domain) else { return false }
        return entries[domain].map { $0.expiresAt <= now } ?? true
      }
    }
  }

  /// Names for which no public DNS server tells an exchanger (RFC 2606, RFC 6761, RFC 6762, RFC 7686), literals and
  /// single labels.
  static func isAskable(_ domain: String) -> Bool {
    guard !["example.com", "example.net", "example.org"].contains(domain) else { return false }
    guard domain.utf8.count <= 253, !domain.hasPrefix("["), let dot = domain.lastIndex(of: ".") else { return false }
    return !["invalid", "localhost", "local", "test", "example", "onion"].contains(domain[domain.index(after: dot)...])
  }
}
