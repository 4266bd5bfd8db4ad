public import MailModel

/// A message that the relay took at its final dot.
public struct AcceptedMessage: Sendable, Equatable {
  /// Counts from 1 in the order of the final dots.
  public var ordinal: Int
  /// Which connection brought it, counted from 1.
  public var connection: Int
  public var envelopeSender: String
  public var recipients: [String]
  /// With its angle brackets; `nil` when the header has none.
  public var messageID: String?
  /// Bytes after dot-unstuffing, and their FNV-1a hash.
  public var size: Int
  public var hash: UInt64
  /// The bytes themselves while the bound on kept bodies allows it.
  public var body: [UInt8]?
  /// When the final dot was read.
  public var dotAt: Timestamp
  /// The client was not told: the reply was withheld, garbled or the connection closed in its place.
  public var isUnanswered: Bool

  /// FNV-1a, 64 bit: enough to tell whether two copies of a test message are the same, not against forgery.
  public static func hash(of bytes: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return hash
  }
}
