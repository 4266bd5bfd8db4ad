internal import MailModel

/// Decides the class and the reason of one recipient's failure from its text and its status.
struct BounceVerdict {
  let reason: BounceReason
  /// Which rule decided, for people.
  let why: String

  /// - Parameters:
  ///   - diagnostic: what the remote server said, as close to this recipient as could be found.
  ///   - notice: the whole notice, looked at only when the diagnostic says nothing.
  init(diagnostic: [UInt8], notice: [UInt8], status: EnhancedStatus?, rules: BounceRules) {
    let text = Self.folded(diagnostic)
    if let rule = rules.match(text[...]) {
      (reason, why) = (Self.adjusted(rule.reason, status: status, text: text[...]), rule.name)
      return
    }
    let specific = StatusText.all(in: text[...], limit: 4).first { $0.detail != 0 }
    if let code = specific ?? status, code.detail != 0 || code.subject != 0, let known = StatusReasons.reason(code) {
      (reason, why) = (known, "status \(code)")
      return
    }
    if let rule = rules.match(Self.folded(notice)[...]) {
      (reason, why) = (Self.adjusted(rule.reason, status: status, text: text[...]), "notice, \(rule.name)")
      return
    }
    if let status, let known = StatusReasons.reason(status) {
      (reason, why) = (known, "status \(status)")
      return
    }
    (reason, why) = (.undefined, "no rule")
  }

  /// A temporary answer is never proof that an address is dead.
  private static func adjusted(_ reason: BounceReason, status: EnhancedStatus?, text: Octets) -> BounceReason {
    guard reason.bounceClass == .hard, let status, status.statusClass == 4 else { return reason }
    return reason == .hostUnknown || reason == .nullMX ? .networkError : reason
  }

  /// Lower case, white space folded to single spaces: the form that rules are written against.
  static func folded(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(min(text.count, BounceRules.maximumTextLength))
    for byte in text {
      if result.count >= BounceRules.maximumTextLength { break }
      if Octet.isSpace(byte) {
        if result.last != Octet.space { result.append(Octet.space) }
      } else {
        result.append(Octet.lower(byte))
      }
    }
    return result
  }
}
