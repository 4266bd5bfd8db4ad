internal import MailModel

/// Decides the class and the reason of one recipient's failure from its text and its status.
struct BounceVerdict {
  let reason: BounceReason
  /// The id of the rule that decided, or what did in its place: `status 5.2.2`, `reply code 552`.
  let rule: String
  /// The line it was read from; empty when no text decided.
  let line: String

  private struct Decision {
    var reason: BounceReason
    var rule: String
    var line = ""
    /// Decided by an operator's own rule or an exact one.
    var isFinal = false
  }

  /// - Parameters:
  ///   - diagnostic: what the remote server said, as close to this recipient as could be found.
  ///   - notice: the whole notice when it speaks about this recipient only, else empty.
  ///   - server: the server that answered, when a field names it.
  ///   - parties: whom the message was from and to, as far as the report tells.
  init(
    diagnostic: [UInt8], notice: [UInt8], status: EnhancedStatus?, server: String = "",
    parties: @autoclosure () -> BounceParties = .none, rules: BounceRules
  ) {
    let text = FoldedText(diagnostic, blotsAddresses: true)
    let whole = FoldedText(notice, blotsAddresses: true)
    let specific = StatusText.all(in: text.bytes, limit: 4).first { $0.detail != 0 && $0.statusClass != 2 } ?? status
    let told = SMTPStage.named(in: text)
    let stage = told ?? SMTPStage.named(in: whole)
    let name = Array(server.utf8).lowercasedBytes
    let near = BounceFacts(text: text, status: specific, server: name, stage: stage)
    let far = BounceFacts(text: whole, status: specific, server: name, stage: stage)
    let decision =
      Self.byStrongText(near, rules) ?? Self.bySpecificStatus(specific, rules)
      ?? Self.byText(rules.weakMatch(near), near) ?? Self.byStrongText(far, rules)
      ?? Self.byText(rules.weakMatch(far), far) ?? Self.byAnyStatus(status, rules) ?? Self.byReplyCode(text)
      ?? Decision(reason: .undefined, rule: "no rule")
    let final = Self.protected(decision, stage: told, near: near, far: far, status: specific ?? status, rules: rules)
    let isOurs =
      final.reason.bounceClass == .hard
      && (parties().isAboutSender(diagnostic, reason: final.reason) || rules.words.speakOfSender(final.line))
    reason = isOurs ? .senderRejected : final.reason
    rule = isOurs ? "\(final.rule), but of the sender" : final.rule
    line = final.line
  }

  /// For one answer of a server by itself.
  init(_ answer: String, server: String = "", rules: BounceRules) {
    let bytes = Array(answer.utf8)
    self.init(diagnostic: bytes, notice: [], status: StatusText.first(in: bytes[...]), server: server, rules: rules)
  }

  private static func byText(_ match: (rule: CompiledRule, offset: Int)?, _ facts: BounceFacts) -> Decision? {
    match.map {
      Decision(
        reason: $0.rule.reason, rule: $0.rule.id, line: facts.text.line(at: $0.offset), isFinal: $0.rule.isFinal)
    }
  }

  /// What the strong rules say. That something else is missing is often said of the message or the sender, as of the host
  /// of a link: a refusal beside it, or a status code of one, tells more.
  private static func byStrongText(_ facts: BounceFacts, _ rules: BounceRules) -> Decision? {
    guard let match = rules.strongMatch(facts) else { return nil }
    if match.rule.isYielding, !isTemporary(facts.text, status: facts.status),
      let refusal = byText(rules.refusalMatch(facts), facts) ?? byRefusingStatus(facts.status, rules)
    {
      return refusal
    }
    return byText(match, facts)
  }

  private static func byRefusingStatus(_ status: EnhancedStatus?, _ rules: BounceRules) -> Decision? {
    status?.subject == 7 ? byAnyStatus(status, rules) : nil
  }

  private static func bySpecificStatus(_ status: EnhancedStatus?, _ rules: BounceRules) -> Decision? {
    guard let status, status.isTelling else { return nil }
    return byAnyStatus(status, rules)
  }

  private static func byAnyStatus(_ status: EnhancedStatus?, _ rules: BounceRules) -> Decision? {
    guard let status, let reason = rules.reason(of: status) else { return nil }
    return Decision(reason: reason, rule: "status \(status)")
  }

  /// Without any better knowledge: 4xx is temporary, 50x is about a command, 53x about a login (RFC 4954), 552 about
  /// space, 556 about a domain without mail (RFC 7504); the others say too little.
  private static func byReplyCode(_ text: FoldedText) -> Decision? {
    guard let code = StatusText.replyCode(in: text.bytes) else { return nil }
    let reason: BounceReason? =
      switch code {
      case ..<500: .systemError
      case 500...504: .syntaxError
      case 530...539: .securityError
      case 552: .mailboxFull
      case 556: .nullMX
      default: nil
      }
    return reason.map { Decision(reason: $0, rule: "reply code \(code)", line: text.line(at: 0)) }
  }

  /// No address is taken for dead when the answer was temporary, was given to the sender or to the connection, or when
  /// the notice speaks of a full mailbox.
  private static func protected(
    _ decision: Decision, stage: SMTPStage?, near: BounceFacts, far: BounceFacts, status: EnhancedStatus?,
    rules: BounceRules
  ) -> Decision {
    var result = refined(decision, status: near.status)
    guard result.reason.bounceClass == .hard || result.reason == .undefined else { return result }
    if stage == .mail { return Decision(reason: .senderRejected, rule: "refused at MAIL FROM", line: result.line) }
    if stage == .connect {
      return Decision(reason: .blocked, rule: "refused at the connection", line: result.line)
    }
    guard result.reason != .undefined else { return result }
    if let code = StatusText.replyCode(in: near.text.bytes), 530...539 ~= code {
      return Decision(reason: .securityError, rule: "\(result.rule), but reply code \(code)", line: result.line)
    }
    if isTemporary(near.text, status: status) {
      result.reason = result.reason == .userUnknown ? .systemError : .networkError
      result.rule += ", but temporary"
      return result
    }
    // Where a code alone says so, the words beside it may tell that it will pass.
    let isByCode = decision.rule.hasPrefix("status ") || result.reason != decision.reason
    if isByCode, let words = near.text.first(of: rules.words[.passingTexts]) {
      return Decision(reason: .systemError, rule: "\(result.rule), but '\(words)'", line: near.text.line(at: 0))
    }
    return byText(rules.fullMailboxMatch(far), far) ?? result
  }

  /// Whether the status says so or, where it says nothing, the reply code.
  private static func isTemporary(_ text: FoldedText, status: EnhancedStatus?) -> Bool {
    if let status, status.subject != 0 || status.detail != 0 { return status.statusClass == 4 }
    guard let code = StatusText.replyCode(in: text.bytes) else { return status?.statusClass == 4 }
    return code < 500
  }

  /// What a text and a status code say only together.
  private static func refined(_ decision: Decision, status: EnhancedStatus?) -> Decision {
    guard let status, status.statusClass == 5, !decision.isFinal else { return decision }
    let reason: BounceReason? =
      switch (decision.reason, status.subject, status.detail) {
      case (.suspended, 1, 1), (.filtered, 1, 1), (.filtered, 5, 0): .userUnknown
      // 5.1.3 is about the recipient's syntax, 5.5.4 about an argument of HELO or MAIL.
      case (.notCompliant, 1, 3): .userUnknown
      case (.hostUnknown, 5, 4): .blocked
      default: nil
      }
    guard let reason else { return decision }
    return Decision(reason: reason, rule: "\(decision.rule), status \(status)", line: decision.line)
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
