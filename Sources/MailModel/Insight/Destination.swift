/// What waits for one recipient domain. Kept by triggers in the transaction of every change.
public struct Destination: Sendable, Equatable {
  public var domain: String
  /// Waiting for the first try.
  public var queued: Int
  /// Queued again after a try that did not succeed.
  public var deferred: Int
  public var held: Int
  public var uncertain: Int

  public init(domain: String, queued: Int = 0, deferred: Int = 0, held: Int = 0, uncertain: Int = 0) {
    self.domain = domain
    self.queued = queued
    self.deferred = deferred
    self.held = held
    self.uncertain = uncertain
  }
}

extension Destination {
  /// The domain of a recipient: what follows its last `@`, with ASCII letters in lower case, as the store takes it.
  public static func domain(of recipient: String) -> String {
    let bytes = recipient.utf8
    let start = bytes.lastIndex(of: 64).map { bytes.index(after: $0) } ?? bytes.startIndex
    return String(decoding: bytes[start...].map { (65...90).contains($0) ? $0 + 32 : $0 }, as: UTF8.self)
  }
}

/// Why a delivery did not succeed, without what differs from message to message.
public struct DeliveryReason: Sendable, Hashable {
  public var domain: String
  /// As attempts name it: `deferred`, `refused`, `uncertain` …
  public var outcome: String
  public var replyCode: Int?
  /// Empty for none.
  public var enhancedStatus: String
  /// The reply's text with placeholders.
  public var shape: String

  public init(domain: String, outcome: String, replyCode: Int?, enhancedStatus: String, shape: String) {
    self.domain = domain
    self.outcome = outcome
    self.replyCode = replyCode
    self.enhancedStatus = enhancedStatus
    self.shape = shape
  }
}

public struct DeliveryReasonCount: Sendable, Equatable {
  public var reason: DeliveryReason
  public var count: Int
  public var lastAt: Timestamp

  public init(reason: DeliveryReason, count: Int, lastAt: Timestamp) {
    self.reason = reason
    self.count = count
    self.lastAt = lastAt
  }
}
