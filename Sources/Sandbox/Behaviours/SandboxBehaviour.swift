public import MailModel

/// What the sandbox does with a message, read from the local part of its recipient.
public enum SandboxBehaviour: Sendable, Equatable {
  case accept
  /// Accepted, then a DSN says that it failed.
  case bounce(EnhancedStatus)
  /// 5xx to RCPT.
  case reject(EnhancedStatus)
  /// 4xx to RCPT, always.
  case `defer`(EnhancedStatus)
  /// 4xx to the first RCPT for this address, then accepted.
  case deferOnce
  /// 4xx to RCPT until some seconds have passed since the first.
  case greylist
  /// Accepted, then a DSN with Action delayed.
  case delay
  case complain
  case autoReply
  case reply
  /// The reply to the final dot is this 4xx or 5xx.
  case refuseAtDot(EnhancedStatus)
  case stallAfterDot
  case dropInData
  case dropAfterDot
  /// The reply to the final dot comes late and byte by byte.
  case slow
  /// The reply to RCPT is no SMTP reply.
  case garbage
  /// The reply to the final dot is no SMTP reply.
  case garbageAfterDot
  /// The reply to RCPT never ends.
  case endless
  /// 421 to RCPT, then closed.
  case busy
  /// 550 to RCPT with a text full of control characters.
  case hostile

  /// - Parameter address: the recipient. What counts is its local part up to `+`, without case and without a final
  ///   `.N` that lets a roster hold many of a kind. Whatever matches nothing is accepted.
  public init(recipient address: String) {
    let local = address[..<(address.lastIndex(of: "@") ?? address.endIndex)]
    let name = local.prefix { $0 != "+" }.lowercased()
    self = Self.withStatus(name) ?? Self.plain[Self.withoutNumber(name)] ?? .accept
  }

  private static let plain: [String: SandboxBehaviour] = [
    "ok": .accept, "bounce": .bounce(EnhancedStatus(5, 1, 1)), "reject": .reject(EnhancedStatus(5, 1, 1)),
    "defer": .defer(EnhancedStatus(4, 2, 2)), "defer-once": .deferOnce, "greylist": .greylist, "delay": .delay,
    "complain": .complain, "autoreply": .autoReply, "reply": .reply, "stall-after-dot": .stallAfterDot,
    "drop-in-data": .dropInData, "drop-after-dot": .dropAfterDot, "slow": .slow, "garbage": .garbage,
    "garbage-after-dot": .garbageAfterDot, "endless": .endless, "busy-421": .busy, "hostile": .hostile,
  ]

  /// `word-X.Y.Z` or `word-X.Y.Z.N`, when the class of the status fits the word.
  private static func withStatus(_ name: String) -> SandboxBehaviour? {
    guard let dash = name.lastIndex(of: "-") else { return nil }
    let fields = name[name.index(after: dash)...].split(separator: ".", omittingEmptySubsequences: false)
    guard fields.count == 3 || (fields.count == 4 && isNumber(fields[3])),
      let status = EnhancedStatus(fields.prefix(3).joined(separator: "."))
    else { return nil }
    switch (name[..<dash], status.statusClass) {
    case ("bounce", 4...5): return .bounce(status)
    case ("reject", 5): return .reject(status)
    case ("defer", 4): return .defer(status)
    case ("dot", 4...5): return .refuseAtDot(status)
    default: return nil
    }
  }

  private static func withoutNumber(_ name: String) -> String {
    guard let dot = name.lastIndex(of: "."), isNumber(name[name.index(after: dot)...]) else { return name }
    return String(name[..<dot])
  }

  private static func isNumber(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
  }
}
