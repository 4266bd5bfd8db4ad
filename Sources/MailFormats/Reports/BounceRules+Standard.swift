/// The order of all rules, and the rules about the way in between.
extension BounceRules {
  /// The rules that come with the program.
  public static let standard = BounceRules(
    providerRules + quotaRules + rateRules + senderRules + addressRules + transportRules + weakAddressRules
      + policyRules)

  static let transportRules: [BounceRule] = [
    BounceRule(
      name: "text: recipient's filter", reason: .filtered,
      phrases: [
        "because the recipient is not accepting mail", "not accepting mail", "user refused", "user reject",
        "recipient refused", "refuse to receive", "refuses to receive", "mailbox not accepting", "delivery blocked by",
        "account is protected by", "due to extended inactivity new mail is not", "this account has been set up to",
        "transaction failed", "mail refused by", "domain filter",
        "拒否", "受信を",
      ]),
    BounceRule(
      name: "text: expired", reason: .expired,
      phrases: [
        "delivery time expired", "delivery expired", "message expired", "queue too long", "in the queue too long",
        "could not be delivered for", "connection timed out", "operation timed out", "timed out", "timeout",
        "retry time",
        "retry timeout", "expired", "not been collected", "giving up", "too old", "was not delivered within",
        "delivery attempts", "still undeliverable", "could not be delivered in time", "maximum retry",
        "after multiple retries", "cannot send message for", "could not send message for", "no more retries",
        "undelivered after", "been in queue", "wasn't able to establish",
      ]),
    BounceRule(
      name: "text: TLS", reason: .startTLSFailed,
      phrases: ["starttls", "tls required", "tls handshake", "tls is required", "requires tls", "tls connect failed"]),
    BounceRule(
      name: "text: network", reason: .networkError,
      phrases: [
        "connection refused", "connection reset", "lost connection", "no route to host", "network is unreachable",
        "network unreachable", "host is unreachable", "host down", "too many hops", "hop count", "hops", "mail loop",
        "mail loops", "routing loop", "loops back to", "looping", "loop detected", "message looped", "unable to route",
        "could not connect", "couldn't connect", "connect to*failed", "connection failed", "connection was dropped",
        "connection dropped", "unable to connect", "malformed or unexpected name server reply", "name server",
        "dns lookup", "dns failure", "cname lookup failed", "host name lookup failure", "establish an smtp connection",
        "no answer from host", "bad connection", "delivery loop", "could not contact dns", "connection error",
        "connection died", "all hosts*failing", "server down", "unreachable",
      ]),
    BounceRule(
      name: "text: disk full", reason: .systemFull,
      phrases: [
        "disk full", "no space left", "insufficient system storage", "insufficient system resources",
        "file system full",
        "out of memory", "system resource", "mail system full", "out of disk", "insufficient disk",
      ]),
    BounceRule(
      name: "text: delivery program", reason: .mailerError,
      phrases: [
        "command died", "command failed", "x-unix", "procmail", "unknown mailer error", "mailer error",
        "command output",
        "pipe to |", "cannot execute", "local delivery failed", "exited with", "status 255", "status 127", "mail error",
        "child process", "mda", "/bin/",
      ]),
    BounceRule(
      name: "text: system", reason: .systemError,
      phrases: [
        "temporary local problem", "temporary failure", "temporarily unavailable", "service unavailable",
        "service currently unavailable", "service not available", "system incorrectly configured",
        "server configuration",
        "system error", "internal error", "server error", "local error", "error in processing", "ldap",
        "unable to lookup",
        "alias*loop", "unexpected", "can't open", "cannot open", "can't create", "cannot create", "cannot append",
        "can't lock", "misconfigur", "configuration error", "interrupted system call", "resources temporarily",
        "temporary system problem", "system not accepting", "failed to", "unable to deliver this message at this time",
        "not capable", "local configuration", "mail for*loops", "content checks", "processing error", "system failure",
        "server busy", "pending further", "mailbox busy", "try again later",
      ]),
    BounceRule(
      name: "text: protocol", reason: .syntaxError,
      phrases: [
        "syntax error", "bad sequence", "unrecognized command", "command not recognized", "protocol violation",
        "protocol error", "unimplemented", "not implemented", "unexpected command", "command out of sequence",
      ]),
    BounceRule(
      name: "text: suppression list", reason: .suppressed,
      phrases: [
        "suppression list", "suppress", "bounced address", "previously bounced", "hard bounced", "unsubscribed",
      ]),
  ]

  static let policyRules: [BounceRule] = [
    BounceRule(
      name: "text: closed group", reason: .senderRejected, isWeak: true, phrases: ["google groups", "mailing list"]),
    BounceRule(
      name: "text: policy", reason: .policy, isWeak: true,
      phrases: [
        "policy", "policies", "prohibited", "denied", "not allowed", "unauthorized", "not authorized", "not permitted",
        "forbidden", "message rejected", "mail rejected", "message refused", "rejected by", "blocked",
        "message*rejected",
        "security reason", "security problem", "security", "refused", "authentication",
      ]),
  ]
}
