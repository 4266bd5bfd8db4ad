internal import MailModel

/// Decides the class and the reason of one recipient's failure from its text and its status.
struct BounceVerdict {
  let reason: BounceReason
  /// Which rule decided, for people.
  let why: String

  private typealias Decision = (reason: BounceReason, why: String)

  /// - Parameters:
  ///   - diagnostic: what the remote server said, as close to this recipient as could be found.
  ///   - notice: the whole notice when it speaks about this recipient only, else empty.
  init(diagnostic: [UInt8], notice: [UInt8], status: EnhancedStatus?, rules: BounceRules) {
    let text = FoldedText(diagnostic)
    let whole = FoldedText(notice)
    let specific = StatusText.all(in: text.bytes, limit: 4).first { $0.detail != 0 && $0.statusClass != 2 } ?? status
    let decision =
      Self.byText(rules.strongMatch(text), "") ?? Self.bySpecificStatus(specific)
      ?? Self.byText(rules.weakMatch(text), "") ?? Self.byText(rules.strongMatch(whole), "notice, ")
      ?? Self.byText(rules.weakMatch(whole), "notice, ") ?? Self.byAnyStatus(status)
      ?? Self.byReplyCode(text) ?? (.undefined, "no rule")
    let temporary = (specific ?? status)?.statusClass == 4
    let final = Self.protected(decision, status: specific, isTemporary: temporary, text: text, notice: whole)
    (reason, why) = (final.reason, final.why)
  }

  private static func byText(_ rule: CompiledRule?, _ place: String) -> Decision? {
    rule.map { ($0.reason, place + $0.name) }
  }

  private static func bySpecificStatus(_ status: EnhancedStatus?) -> Decision? {
    guard let status, status.isTelling, let reason = StatusReasons.reason(status) else {
      return nil
    }
    return (reason, "status \(status)")
  }

  private static func byAnyStatus(_ status: EnhancedStatus?) -> Decision? {
    status.flatMap { code in StatusReasons.reason(code).map { ($0, "status \(code)") } }
  }

  /// Without any better knowledge: 4xx is temporary, 552 is about space, the others say too little.
  private static func byReplyCode(_ text: FoldedText) -> Decision? {
    switch StatusText.replyCode(in: text.bytes) {
    case .some(let code) where code < 500: (.systemError, "reply code \(code)")
    case 552: (.mailboxFull, "reply code 552")
    default: nil
    }
  }

  private static let quota = BounceRules(BounceRules.quotaRules)
  private static let atSender: [[UInt8]] = [
    "after mail from", "in reply to mail from", "(mail from)", "command: mail", "[mail_from]",
  ].map { Array($0.utf8) }
  private static let atConnect: [[UInt8]] = [
    "after initial connection", "in reply to helo", "in reply to ehlo", "after helo", "after ehlo",
    "my name was rejected",
    "in reply to connect",
  ].map { Array($0.utf8) }

  /// No address is taken for dead when the answer was temporary, was given to the sender or to the connection, or when
  /// the notice speaks of a full mailbox.
  private static func protected(
    _ decision: Decision, status: EnhancedStatus?, isTemporary: Bool, text: FoldedText, notice: FoldedText
  ) -> Decision {
    let (reason, why) = decision
    if reason == .suspended, let status, status.statusClass == 5, status.subject == 1, status.detail == 1 {
      return (.userUnknown, "\(why), status \(status)")
    }
    if reason == .filtered, let status, status.statusClass == 5,
      (status.subject, status.detail) == (1, 1) || (status.subject, status.detail) == (5, 0)
    {
      return (.userUnknown, "\(why), status \(status)")
    }
    // 5.1.3 is about the recipient's syntax, 5.5.4 about an argument of HELO or MAIL.
    if reason == .notCompliant, status == EnhancedStatus(5, 1, 3) { return (.userUnknown, "\(why), status 5.1.3") }
    if reason == .hostUnknown, status == EnhancedStatus(5, 5, 4) { return (.blocked, "\(why), status 5.5.4") }
    guard reason.bounceClass == .hard || reason == .undefined else { return decision }
    if text.containsAny(atSender) { return (.senderRejected, "refused at MAIL FROM") }
    if text.containsAny(atConnect) { return (.blocked, "refused at the connection") }
    guard reason != .undefined else { return decision }
    if isTemporary { return (reason == .userUnknown ? .systemError : .networkError, "\(why), but temporary") }
    if quota.strongMatch(notice) != nil { return (.mailboxFull, "notice, text: mailbox full") }
    return decision
  }
}

extension EnhancedStatus {
  /// Codes that servers use for everything, such as 5.x.0 and 5.4.1, say less than a weak text; codes about security and
  /// content must not be overruled by a weak text about the address.
  fileprivate var isTelling: Bool {
    switch (subject, detail) {
    case (4, 1), (0, _), (3, _), (5, _): false
    case (6, _), (7, _): true
    default: detail != 0
    }
  }
}
