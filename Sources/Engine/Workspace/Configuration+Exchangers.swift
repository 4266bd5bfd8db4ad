/// Whether and whom to ask who receives mail for a domain.
public struct ExchangerSettings: Sendable, Equatable {
  public struct Resolver: Sendable, Equatable {
    /// A literal IPv4 or IPv6 address.
    public var address: String
    public var port: Int
  }

  public var isOn: Bool
  /// `nil` for the system's.
  public var resolver: Resolver?
}

extension ExchangerSettings {
  init(_ values: ConfigurationValues) throws(ConfigurationError) {
    isOn = try values.text("MX_LOOKUP").lowercased() == "true"
    let text = try values.text("MX_RESOLVER")
    resolver = Resolver(text)
    if resolver == nil, !text.isEmpty {
      throw values.error(
        "MX_RESOLVER", problem: "'\(text)' is no address",
        expected: "an IP address, with a port if it is not 53: 192.0.2.53, 127.0.0.1:5353, [2001:db8::53]:53")
    }
  }
}

extension ExchangerSettings.Resolver {
  /// `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53`, `[2001:db8::53]:5353`; `nil` for anything else.
  init?(_ text: String) {
    var (host, port) = (text, "53")
    if text.hasPrefix("["), let close = text.lastIndex(of: "]") {
      host = String(text[text.index(after: text.startIndex)..<close])
      let rest = text[text.index(after: close)...]
      guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
      if !rest.isEmpty { port = String(rest.dropFirst()) }
    } else if text.count(where: { $0 == ":" }) == 1, let colon = text.firstIndex(of: ":") {
      (host, port) = (String(text[..<colon]), String(text[text.index(after: colon)...]))
    }
    let allowed = host.contains(":") ? "0123456789abcdefABCDEF:." : "0123456789."
    let isV4 = !host.contains(":") && host.split(separator: ".", omittingEmptySubsequences: false).count == 4
    guard isV4 || host.contains(":"), host.allSatisfy(allowed.contains), let number = Int(port),
      (1...65_535).contains(number)
    else { return nil }
    self.init(address: host, port: number)
  }
}

extension ConfigurationKey {
  static let exchangers: [ConfigurationKey] = [
    .init(
      "MX_LOOKUP", .boolean, fallback: "true", group: "Shaping",
      "Whether DNS is asked for the MX of recipients' domains, to tell their provider (data/shaping.yaml). Nothing waits for it."
    ),
    .init(
      "MX_RESOLVER", .text, fallback: "", group: "Shaping",
      "The name server to ask: an IP address, with a port if it is not 53. Empty: the system's."),
  ]
}
