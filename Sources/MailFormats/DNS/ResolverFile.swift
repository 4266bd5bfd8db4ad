/// `/etc/resolv.conf`, as far as it says whom to ask (resolv.conf(5)).
public enum ResolverFile {
  /// As many as the system's own resolver takes.
  static let maximumServers = 3

  /// The addresses of name servers, in order; without any, the one on this machine, as the system does.
  public static func servers(_ text: String) -> [String] {
    var servers: [String] = []
    for line in text.prefix(65_536).split(whereSeparator: \.isNewline) {
      let words = line.split(whereSeparator: \.isWhitespace)
      if words.count >= 2, words[0] == "nameserver", servers.count < maximumServers { servers.append(String(words[1])) }
    }
    return servers.isEmpty ? ["127.0.0.1"] : servers
  }
}
