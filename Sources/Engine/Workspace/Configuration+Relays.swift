import MailModel

/// The relay and those that take over when it cannot be used.
extension Configuration {
  /// What the keys of each fallback relay begin with, in the order in which they are tried.
  static let fallbackPrefixes = ["FALLBACK_SMTP", "FALLBACK_2_SMTP"]

  static func relay(_ values: ConfigurationValues) throws(ConfigurationError) -> Relay {
    let relay = Relay(
      host: try values.text("EMAIL_SMTP_HOST"), port: try values.integer("EMAIL_SMTP_PORT"),
      security: MailServer.Security(rawValue: try values.text("EMAIL_SMTP_TLS")) ?? .startTLS,
      username: try values.text("EMAIL_USERNAME"), password: Secret(try values.text("EMAIL_PASSWORD")),
      helloName: try values.text("EMAIL_HELO_NAME"))
    try check(relay, values, security: "EMAIL_SMTP_TLS", username: "EMAIL_USERNAME", password: "EMAIL_PASSWORD")
    return relay
  }

  static func fallbackRelays(_ values: ConfigurationValues) throws(ConfigurationError) -> [Relay] {
    var relays: [Relay] = []
    for prefix in fallbackPrefixes {
      let host = try values.text("\(prefix)_HOST")
      if host.isEmpty { continue }
      let relay = Relay(
        host: host, port: try values.integer("\(prefix)_PORT"),
        security: MailServer.Security(rawValue: try values.text("\(prefix)_TLS")) ?? .startTLS,
        username: try values.text("\(prefix)_USERNAME"), password: Secret(try values.text("\(prefix)_PASSWORD")),
        helloName: try values.text("EMAIL_HELO_NAME"))
      try check(
        relay, values, security: "\(prefix)_TLS", username: "\(prefix)_USERNAME", password: "\(prefix)_PASSWORD")
      relays.append(relay)
    }
    return relays
  }

  private static func check(
    _ relay: Relay, _ values: ConfigurationValues, security: String, username: String, password: String
  ) throws(ConfigurationError) {
    if relay.security == .none, !Loopback.contains(relay.host) {
      throw values.error(
        security, problem: "'none' towards \(relay.host)", expected: "starttls or tls; none only towards loopback")
    }
    if !relay.username.isEmpty, relay.password.isEmpty {
      throw values.error(
        password, problem: "\(username) has no password", expected: "\(password), or both empty for no AUTH")
    }
  }
}

extension ConfigurationKey {
  static let fallbackRelays: [ConfigurationKey] = Configuration.fallbackPrefixes.flatMap { prefix in
    [
      .init(
        "\(prefix)_HOST", .host, fallback: "", group: "Fallback relays",
        "Takes the mail while the relays before it refuse connections or logins. Empty: none."),
      .init("\(prefix)_PORT", .integer(1...65535), fallback: "587", group: "Fallback relays", "Its port."),
      .init(
        "\(prefix)_TLS", .choice(["starttls", "tls", "none"]), fallback: "starttls", group: "Fallback relays",
        "How its connection is secured; `none` only towards loopback."),
      .init("\(prefix)_USERNAME", .text, fallback: "", group: "Fallback relays", "Its login. Empty: no AUTH."),
      .init("\(prefix)_PASSWORD", .secret, fallback: "", group: "Fallback relays", "Its password."),
    ]
  }
}
