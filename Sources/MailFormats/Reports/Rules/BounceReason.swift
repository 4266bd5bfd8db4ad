public import MailModel

/// Why a message bounced. Finer than the class, and what people read.
public enum BounceReason: String, Sendable, CaseIterable, Codable {
  case userUnknown, hostUnknown, hasMoved, nullMX
  case suspended, mailboxFull, messageTooLarge, expired, networkError, systemError, systemFull, mailerError
  case rateLimited, syntaxError, startTLSFailed, suppressed
  case filtered, blocked, badReputation, missingPTR, authenticationFailed, spam, contentRefused, virus
  case senderRejected, policy, securityError, notCompliant, relaying
  case undefined

  /// Whether the address is dead, the trouble passes, or the sender or the message was refused.
  public var bounceClass: BounceClass {
    switch self {
    case .userUnknown, .hostUnknown, .hasMoved, .nullMX: .hard
    case .suspended, .mailboxFull, .messageTooLarge, .expired, .networkError, .systemError, .systemFull, .mailerError,
      .rateLimited, .syntaxError, .startTLSFailed, .suppressed:
      .soft
    case .filtered, .blocked, .badReputation, .missingPTR, .authenticationFailed, .spam, .contentRefused, .virus,
      .senderRejected, .policy, .securityError, .notCompliant, .relaying:
      .block
    case .undefined: .unknown
    }
  }

  /// Whether the same message to the same address may well arrive tomorrow.
  public var mayPass: Bool {
    switch self {
    case .mailboxFull, .expired, .networkError, .systemError, .systemFull, .mailerError, .rateLimited, .startTLSFailed:
      true
    default: false
    }
  }

  /// The reason in words, for people.
  public var words: String {
    switch self {
    case .userUnknown: "user unknown"
    case .hostUnknown: "host unknown"
    case .hasMoved: "mailbox has moved"
    case .nullMX: "domain accepts no mail"
    case .suspended: "mailbox disabled"
    case .mailboxFull: "mailbox full"
    case .messageTooLarge: "message too large"
    case .expired: "delivery time expired"
    case .networkError: "network or routing error"
    case .systemError: "system error at the receiver"
    case .systemFull: "receiver's disk full"
    case .mailerError: "delivery program failed"
    case .rateLimited: "too many messages or connections"
    case .syntaxError: "SMTP protocol error"
    case .startTLSFailed: "TLS failed"
    case .suppressed: "on the provider's suppression list"
    case .filtered: "refused by the recipient's filter"
    case .blocked: "sending host blocked"
    case .badReputation: "bad reputation"
    case .missingPTR: "reverse DNS missing"
    case .authenticationFailed: "SPF, DKIM or DMARC failed"
    case .spam: "taken for spam"
    case .contentRefused: "content refused"
    case .virus: "virus detected"
    case .senderRejected: "sender rejected"
    case .policy: "policy violation"
    case .securityError: "security or authentication error"
    case .notCompliant: "message not compliant"
    case .relaying: "relaying denied"
    case .undefined: "reason not known"
    }
  }
}
