/// Which hosts can only mean this machine: towards them alone may a connection go without TLS.
public enum Loopback {
  /// Whether `host` is `localhost`, `127.x.y.z` or `::1`, also in brackets. Reads the text only: whoever connects has to
  /// check the address.
  public static func contains(_ host: String) -> Bool {
    let name = host.lowercased()
    if ["localhost", "::1", "[::1]"].contains(name) { return true }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
