import Crypto

/// The key that signs VERP tokens. Who has it can forge proof that a report is about a message of ours.
public struct VERPKey: Sendable {
  /// Keys shorter than this are refused.
  public static let minimumLength = 16

  let key: SymmetricKey

  /// - Returns: `nil` when `bytes` are fewer than ``minimumLength``.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count >= Self.minimumLength else { return nil }
    key = SymmetricKey(data: bytes)
  }
}

/// A signed message id, short and safe in a local part: the proof that a report is about a message of ours.
///
/// Eight bytes of id and twelve of HMAC-SHA256 (96 bits), in base32: 32 characters `a`–`z`, `2`–`7`.
public enum VERPToken {
  /// Characters of every token.
  public static let length = 32
  private static let signatureLength = 12
  private static let context = [UInt8]("postroom verp 1\0")

  public static func sign(messageID: Int64, key: VERPKey) -> String {
    let id = bigEndian(UInt64(bitPattern: messageID))
    return Base32.encode(id + signature(of: id, key: key))
  }

  /// The message id, when `token` was signed with `key`. Letters in either case; the comparison takes constant time.
  public static func verify(_ token: some StringProtocol, key: VERPKey) -> Int64? {
    guard token.utf8.count == length, let bytes = Base32.decode(token.utf8), bytes.count == 8 + signatureLength else {
      return nil
    }
    let id = Array(bytes[..<8])
    var difference: UInt8 = 0
    for (given, expected) in zip(bytes[8...], signature(of: id, key: key)) { difference |= given ^ expected }
    guard difference == 0 else { return nil }
    return Int64(bitPattern: id.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  private static func signature(of id: [UInt8], key: VERPKey) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: context + id, using: key.key).prefix(signatureLength))
  }

  private static func bigEndian(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * $0)) }
  }
}

/// Return addresses that carry a token: `local+token@domain`.
public enum VERPAddress {
  /// Candidates and characters beyond these are not looked at.
  static let maximumCandidates = 64
  static let maximumCandidateLength = 1_024

  /// The return address for one message.
  ///
  /// - Throws: ``AddressError`` when `base` leaves no room for the token in its local part.
  public static func compose(base: Address, token: String) throws(AddressError) -> Address {
    try Address(parsing: "\(base.localPart)+\(token)@\(base.domain)")
  }

  /// The id of the first valid token in any of the addresses (or texts around addresses).
  public static func findMessageID(in candidates: [String], key: VERPKey) -> Int64? {
    for candidate in candidates.prefix(maximumCandidates) {
      let text = candidate.utf8.prefix(maximumCandidateLength)
      for word in text.split(whereSeparator: { !Octet.isLetter($0) && !Octet.isDigit($0) })
      where word.count == VERPToken.length {
        if let id = VERPToken.verify(String(decoding: word, as: UTF8.self), key: key) { return id }
      }
    }
    return nil
  }
}
