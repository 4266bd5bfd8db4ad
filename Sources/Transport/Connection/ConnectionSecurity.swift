/// How a connection is protected. Certificates and host names are always verified.
public enum ConnectionSecurity: String, Sendable, CaseIterable {
  /// Plain greeting, then STARTTLS, which is required: a server that does not offer it is refused.
  case startTLS = "starttls"
  /// TLS from the first byte.
  case tls
  /// No protection. Only towards this machine's loopback addresses; anything else is refused before a packet leaves.
  case none
}

/// A host and a port.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
  public var host: String
  public var port: Int

  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// Whether the name or address can only mean this machine. The address itself is checked again when connecting.
  public var isLoopback: Bool {
    let name = host.lowercased()
    guard name != "localhost", name != "::1" else { return true }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  /// A host of letters, digits, dots, hyphens (or an IPv6 address) and a port that exists.
  var isWellFormed: Bool {
    let allowed = host.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x3A, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
      default: false
      }
    }
    return allowed && !host.isEmpty && host.utf8.count <= 255 && (1...65_535).contains(port)
  }
}
