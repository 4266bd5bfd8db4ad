/// How far a message came, as far as reports and events tell; it only ever advances.
public enum MessageStage: String, Sendable, CaseIterable, Codable, Comparable {
  case delayed, delivered, opened, clicked, replied, bounced, complained

  /// Greater is farther.
  public var rank: Int { MessageStage.allCases.firstIndex(of: self) ?? 0 }

  public static func < (left: MessageStage, right: MessageStage) -> Bool { left.rank < right.rank }
}

/// Something that happened to a message after a server took it.
public struct MessageEvent: Sendable, Equatable, Identifiable {
  public var id: Int64
  public var messageID: Message.ID
  /// A stage, or a word of the provider's such as `rejected`.
  public var kind: String
  public var occurredAt: Timestamp
  /// `report 7`, `ses`.
  public var source: String
  /// Text from outside, bounded.
  public var detail: String

  public init(
    id: Int64, messageID: Message.ID, kind: String, occurredAt: Timestamp, source: String, detail: String
  ) {
    self.id = id
    self.messageID = messageID
    self.kind = kind
    self.occurredAt = occurredAt
    self.source = source
    self.detail = detail
  }
}
