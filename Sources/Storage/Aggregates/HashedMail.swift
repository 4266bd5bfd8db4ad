import Crypto
import Foundation

/// The bytes of a mail, with the hash by which they are found again under another UIDVALIDITY (fault 25). Made before the
/// transaction that stores them: whoever else writes waits for that.
public struct HashedMail: Sendable {
  public let bytes: [UInt8]
  let hash: Data

  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    hash = Data(SHA256.hash(data: bytes))
  }
}
