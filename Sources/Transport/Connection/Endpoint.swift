/// A host and a port.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
  public var host: String
  public var port: Int

  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

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
