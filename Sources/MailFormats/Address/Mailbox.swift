/// One mailbox of an address header: a display name for people, and the address as it stands there.
public struct Mailbox: Hashable, Sendable {
  /// Decoded (RFC 2047), without quotes; empty when there is none. Text from outside.
  public var displayName: String
  /// The addr-spec as written, not validated: pass it through ``Address`` before it goes into an envelope.
  public var address: String

  public init(displayName: String = "", address: String) {
    self.displayName = displayName
    self.address = address
  }
}

/// From, To, Cc, Bcc: lenient reading of address lists as they occur (RFC 5322 §3.4 and its obsolete forms).
public enum AddressList {
  /// More mailboxes than this are not read.
  public static let maximumCount = 2_000
  /// Comments nested deeper than this are read as one.
  static let maximumCommentDepth = 64

  /// All mailboxes in the raw (unfolded or folded, undecoded) value of an address header, groups flattened.
  public static func parse(_ value: [UInt8]) -> [Mailbox] { parse(value[...]) }

  public static func parse(_ value: String) -> [Mailbox] { parse(Array(value.utf8)[...]) }

  static func parse(_ value: Octets) -> [Mailbox] {
    var scanner = AddressScanner(value, isStrict: false)
    return scanner.mailboxes()
  }

  /// The same, but an entry that is no address is kept as it stands instead of being passed over, so that
  /// ``Address/init(parsing:)`` refuses it: a recipient must not be lost silently.
  static func parseStrictly(_ value: [UInt8]) -> [Mailbox] {
    var scanner = AddressScanner(value[...], isStrict: true)
    return scanner.mailboxes()
  }
}
