import Engine
import MailModel
import Transport

/// MX records from the configured name server, or the system's.
struct DNSExchangerLookup: ExchangerLookup {
  /// `nil` for the system's, which may change while the program runs.
  let server: Endpoint?

  /// `nil` when the configuration says that nobody is asked.
  init?(_ settings: ExchangerSettings) {
    guard settings.isOn else { return nil }
    server = settings.resolver.map { Endpoint(host: $0.address, port: $0.port) }
  }

  func exchangers(of domains: [String], isCancelled: () -> Bool) -> [String: ExchangerFinding] {
    DNSResolver(servers: server.map { [$0] } ?? DNSResolver.systemServers())
      .exchangers(of: domains, isCancelled: isCancelled)
  }
}
