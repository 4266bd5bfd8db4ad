/// How a bounce is to be taken (DESIGN §8).
public enum BounceClass: String, Sendable, CaseIterable, Codable {
  /// The address does not work and will not: suppress.
  case hard
  /// Temporary or about this one message.
  case soft
  /// Refused for policy or reputation: says nothing about the address.
  case block
  case unknown
}

/// What a delivery status notification says happened to one recipient (RFC 3464 §2.3.3).
public enum DSNAction: String, Sendable, CaseIterable, Codable {
  case failed, delayed, delivered, relayed, expanded
}

/// What a report says about one recipient. A DSN may carry several.
public struct ReportedRecipient: Sendable, Equatable {
  /// Final-Recipient, or the address the report names.
  public var finalRecipient: String?
  /// Original-Recipient: the address we sent to, when the report tells it.
  public var originalRecipient: String?
  /// The address that a notice's text says the final one was made of by an alias: most likely the one we sent to.
  public var expandedFrom: String?
  public var action: DSNAction?
  public var status: EnhancedStatus?
  /// Diagnostic-Code without its type. Text from outside, bounded.
  public var diagnostic: String
  public var remoteMTA: String?
  public var bounceClass: BounceClass?
  /// The reason in words, such as `user unknown`, `mailbox full`.
  public var reason: String
  /// Whether the reason is one that passes by itself, such as a full mailbox.
  public var mayPass: Bool
  /// What decided class and reason: the id of a bounce rule, or `status 5.2.2`.
  public var rule: String
  /// The line of the report that the rule found its words in. Text from outside, bounded; may be empty.
  public var evidence: String

  public init(
    finalRecipient: String? = nil, originalRecipient: String? = nil, expandedFrom: String? = nil,
    action: DSNAction? = nil, status: EnhancedStatus? = nil, diagnostic: String = "", remoteMTA: String? = nil,
    bounceClass: BounceClass? = nil,
    reason: String = "", mayPass: Bool = false, rule: String = "", evidence: String = ""
  ) {
    self.finalRecipient = finalRecipient
    self.originalRecipient = originalRecipient
    self.expandedFrom = expandedFrom
    self.action = action
    self.status = status
    self.diagnostic = diagnostic
    self.remoteMTA = remoteMTA
    self.bounceClass = bounceClass
    self.reason = reason
    self.mayPass = mayPass
    self.rule = rule
    self.evidence = evidence
  }
}
