internal import MailModel

/// Enhanced status code → reason (RFC 3463 §3, RFC 7504, RFC 7505), used when the text says nothing.
enum StatusReasons {
  static func reason(_ status: EnhancedStatus) -> BounceReason? {
    switch (status.subject, status.detail) {
    case (1, 0) where status.statusClass == 5: .userUnknown
    case (1, 1), (1, 3): status.statusClass == 5 ? .userUnknown : .systemError
    case (1, 2): status.statusClass == 5 ? .hostUnknown : .networkError
    case (2, 0): .filtered
    case (1, 4), (2, 4): .systemError
    case (1, 6), (7, 17), (7, 18): .hasMoved
    case (1, 7), (1, 8): .senderRejected
    case (1, 9): .systemError
    case (1, 10), (7, 27): status.statusClass == 5 ? .nullMX : .systemError
    case (2, 1), (7, 13): .suspended
    case (2, 2): .mailboxFull
    case (2, 3), (3, 4), (7, 16): .messageTooLarge
    case (3, 1): .systemFull
    case (3, _): .systemError
    case (4, 1), (4, 7): .expired
    case (4, 4) where status.statusClass == 5: .hostUnknown
    case (4, 3): .systemError
    case (4, 5): .systemFull
    case (4, _): .networkError
    case (5, 2), (5, 6): .syntaxError
    case (5, 3): .rateLimited
    case (5, _) where status.detail > 0: .systemError
    case (6, _): .contentRefused
    case (7, 20...24), (7, 26), (7, 29): .authenticationFailed
    case (7, 25): .missingPTR
    case (7, 28): .spam
    case (7, 1): status.statusClass == 5 ? .policy : .blocked
    case (7, _): .securityError
    // What is only temporary says nothing about the address.
    default: status.statusClass == 4 ? .systemError : nil
    }
  }
}
