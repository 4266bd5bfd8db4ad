import MailModel
import MailPolicy
import Storage

/// Which provider a domain belongs to, and how that is known.
public struct ProviderStanding: Sendable, Equatable {
  public var domain: String
  /// As `data/shaping.yaml` names it; `nil` for none.
  public var provider: String?
  /// In words, with the MX record and when it was found. Text from outside.
  public var why: String
}

extension ProviderStanding {
  static func read(
    _ domain: String, rules: ShapingRules, isAsking: Bool, in transaction: Transaction
  ) throws -> ProviderStanding {
    if rules.names(domain) {
      return ProviderStanding(
        domain: domain, provider: rules.provider(of: domain)?.name, why: "its name is in data/shaping.yaml")
    }
    guard let known = try transaction.exchangers.get(domain) else {
      let reason = !isAsking ? "is not asked (MX_LOOKUP=false)" : "was not asked yet: it is asked while mail waits"
      return ProviderStanding(
        domain: domain, why: ExchangerBook.isAskable(domain) ? "DNS \(reason)" : "DNS is not asked about such a name")
    }
    var standing = ProviderStanding(domain: domain, why: "")
    switch known.answer {
    case .exchangers(let exchangers):
      let deciding = rules.deciding(among: exchangers)
      standing.provider = deciding.flatMap { rules.provider(of: domain, exchanger: $0.host)?.name }
      let hosts = (deciding.map { [$0] } ?? exchangers).prefix(3).map { "\($0.host) (\($0.preference))" }
      standing.why = "MX \(hosts.joined(separator: ", "))"
      if deciding == nil { standing.why += ", no provider's" }
    case .implicit:
      standing.provider = rules.provider(of: domain, exchanger: domain)?.name
      standing.why = "no MX record: its own host receives"
    case .null: standing.why = "it takes no mail (null MX)"
    case .noDomain: standing.why = "DNS knows no such domain"
    case .failed(let reason): standing.why = "not found out: \(reason)"
    }
    standing.why += ", asked \(Clockface.text(known.foundAt))"
    return standing
  }
}

extension OpenWorkspace {
  /// - Throws: `ConfigurationError`, `StoreError`.
  public func providerStanding(of domain: String) throws -> ProviderStanding {
    let rules = try shaping()
    let isAsking = workspace.configuration.exchangers.isOn
    return try store.read {
      try ProviderStanding.read(Destination.domain(of: domain), rules: rules, isAsking: isAsking, in: $0)
    }
  }
}
