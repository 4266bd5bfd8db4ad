public import MailModel

/// Temporary refusals that want other delays than the rest, such as a full mailbox: tomorrow, not in five minutes.
public struct RetryClass: Sendable, Equatable {
  /// As people say it: `mailbox full`.
  public var name: String
  /// Enhanced status codes (RFC 3463) that mean it, such as `4.2.2`.
  public var statuses: Set<String>
  /// Somewhere in the reply's text, in lower case.
  public var phrases: [String]
  public var firstDelay: Span
  public var longestDelay: Span

  public init(name: String, statuses: Set<String>, phrases: [String], firstDelay: Span, longestDelay: Span) {
    self.name = name
    self.statuses = statuses
    self.phrases = phrases.map { $0.lowercased() }
    self.firstDelay = firstDelay
    self.longestDelay = longestDelay
  }

  /// The first class that the reply belongs to, by its status before its words: servers agree on the codes.
  static func first(of classes: [RetryClass], for reply: ServerReply) -> RetryClass? {
    if let status = reply.enhancedStatus?.description,
      let known = classes.first(where: { $0.statuses.contains(status) })
    {
      return known
    }
    let text = reply.text.lowercased()
    return classes.first { $0.phrases.contains { text.contains($0) } }
  }
}
