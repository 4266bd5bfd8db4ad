public import MailModel

/// How we treat destinations, from `data/shaping.yaml` and from what operators set since.
public struct ShapingRules: Sendable, Equatable {
  /// A provider: the domains it receives for, by name or by where their MX points.
  public struct Provider: Sendable, Equatable {
    public var name: String
    public var domains: Set<String>
    /// Suffixes of MX host names.
    public var exchangers: [String]
    /// Messages under way at once; `nil` for as many as there are connections.
    public var concurrency: Int?
    /// Messages for it over one connection before that is closed; `nil` for no end.
    public var messagesPerConnection: Int?
    public var rate: RateLimit?

    public init(
      name: String, domains: Set<String>, exchangers: [String] = [], concurrency: Int? = nil,
      messagesPerConnection: Int? = nil, rate: RateLimit? = nil
    ) {
      self.name = name
      self.domains = domains
      self.exchangers = exchangers
      self.concurrency = concurrency
      self.messagesPerConnection = messagesPerConnection
      self.rate = rate
    }
  }

  /// A reply that asks for less.
  public struct SlowDown: Sendable, Equatable {
    /// In lower case, somewhere in the reply's enhanced status code or text.
    public var phrase: String
    public var pause: Span

    public init(phrase: String, pause: Span) {
      self.phrase = phrase.lowercased()
      self.pause = pause
    }
  }

  public var providers: [Provider] {
    didSet { index() }
  }
  public var slowDowns: [SlowDown]
  /// Rates by scope.
  public var rates: [ShapingScope: RateLimit]
  private var byDomain: [String: Int] = [:]

  public init(providers: [Provider] = [], slowDowns: [SlowDown] = [], rates: [ShapingScope: RateLimit] = [:]) {
    self.providers = providers
    self.slowDowns = slowDowns
    self.rates = rates
    index()
  }

  private mutating func index() {
    byDomain = [:]
    for (position, provider) in providers.enumerated() {
      for domain in provider.domains where byDomain[domain] == nil { byDomain[domain] = position }
    }
  }

  /// The provider that receives for a domain: by the domain itself, else by its mail exchanger when that is known.
  public func provider(of domain: String, exchanger: String? = nil) -> Provider? {
    if let position = byDomain[domain] { return providers[position] }
    guard let exchanger = exchanger?.lowercased() else { return nil }
    return providers.first { provider in
      provider.exchangers.contains { exchanger == $0 || exchanger.hasSuffix(".\($0)") }
    }
  }

  /// Whether any provider is known by its exchangers.
  public var readsExchangers: Bool { providers.contains { !$0.exchangers.isEmpty } }

  /// Whether a provider is known by this domain's name.
  public func names(_ domain: String) -> Bool { byDomain[domain] != nil }

  /// Which of a domain's exchangers tells its provider: of the most preferred ones, where the mail goes first, the first
  /// by name that is a provider's. `nil` when none is.
  public func deciding(among exchangers: [MailExchanger]) -> MailExchanger? {
    guard let best = exchangers.map(\.preference).min() else { return nil }
    return exchangers.filter { $0.preference == best }.sorted { $0.host < $1.host }
      .first { provider(of: "", exchanger: $0.host) != nil }
  }

  /// The scope that a recipient's address belongs to.
  ///
  /// - Parameter exchanger: the deciding exchanger of a domain, when that is known; asked only for domains that no
  ///   provider is known by.
  public func destination(of recipient: String, exchanger: (String) -> String? = { _ in nil }) -> ShapingScope {
    let domain = Destination.domain(of: recipient)
    return ShapingScope(.destination, provider(of: domain, known: exchanger)?.name ?? domain)
  }

  /// The same for a domain.
  public func provider(of domain: String, known exchanger: (String) -> String?) -> Provider? {
    if let position = byDomain[domain] { return providers[position] }
    return exchanger(domain).flatMap { provider(of: domain, exchanger: $0) }
  }

  /// The limit of a scope: what was set for it, else its provider's.
  public func rate(of scope: ShapingScope) -> RateLimit? {
    rates[scope] ?? (scope.kind == .destination ? provider(named: scope.key)?.rate : nil)
  }

  public func provider(named name: String) -> Provider? { providers.first { $0.name == name } }

  /// How long a destination rests after this temporary refusal, or `nil` when the reply does not ask for less.
  ///
  /// - Parameter times: slow-downs of this destination in a row before this one; each doubles the pause, up to 16 times.
  public func slowDown(after reply: ServerReply, times: Int) -> Span? {
    guard (400..<500).contains(reply.code) else { return nil }
    let text = "\(reply.enhancedStatus?.description ?? "") \(reply.text)".lowercased()
    guard let rule = slowDowns.first(where: { text.contains($0.phrase) }) else { return nil }
    return Span(microseconds: rule.pause.microseconds * (1 << Int64(Swift.min(Swift.max(times, 0), 4))))
  }

  /// What a server says while it closes the connection is about the relay; but about the destination, when it answers a
  /// recipient or a message and asks for less: other destinations must not wait for that.
  public func attributed(_ outcome: DeliveryOutcome) -> DeliveryOutcome {
    guard case .relayUnavailable(_, reply: let reply?, stage: let stage) = outcome, stage == .rcpt || stage == .data,
      slowDown(after: reply, times: 0) != nil
    else { return outcome }
    return .deferred(reply, stage: stage)
  }
}
