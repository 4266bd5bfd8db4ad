import MailFormats
import MailModel

/// The envelope sender of what we send: the bounce address with a signed token, when one is configured.
public struct ReturnPath: Sendable {
  private let base: Address
  private let key: VERPKey

  /// - Parameters:
  ///   - bounceAddress: such as `bounces@example.org`; empty for none.
  /// - Returns: `nil` when none is configured.
  /// - Throws: `ConfigurationError` when it is not an address or leaves no room for a token.
  public init?(bounceAddress: String, tokenKey: [UInt8]) throws {
    guard !bounceAddress.isEmpty else { return nil }
    guard let base = ReturnPath.base(bounceAddress), let key = VERPKey(tokenKey) else {
      throw ConfigurationError(
        place: .init(file: "BOUNCE_ADDRESS"), problem: ReturnPath.noRoom, expected: ReturnPath.expectation)
    }
    self.base = base
    self.key = key
  }

  static let noRoom = "leaves no room for a token"
  static let expectation = "an address with at most 31 characters before the '@'"

  /// - Returns: `nil` for what is no address, or none that a token can be added to.
  static func base(_ bounceAddress: String) -> Address? {
    guard let base = try? Address(parsing: bounceAddress),
      (try? VERPAddress.compose(base: base, token: String(repeating: "a", count: VERPToken.length))) != nil
    else { return nil }
    return base
  }

  /// The null sender stays what it is: mail that must not bounce.
  func address(for message: LeasedMessage) -> String {
    guard !message.envelopeSender.isEmpty else { return "" }
    let token = VERPToken.sign(messageID: message.id, key: key)
    return (try? VERPAddress.compose(base: base, token: token).description) ?? message.envelopeSender
  }

  /// Makes everything about a message that comes back in reports carry its token: envelope sender, ENVID (RFC 3461
  /// §4.4) and a header field of our own, for relays that replace the one or the other.
  func mark(_ message: inout LeasedMessage) {
    let token = VERPToken.sign(messageID: message.id, key: key)
    message.envelopeSender = address(for: message)
    message.envelopeID = token
    message.body.insert(contentsOf: "\(OwnHeader.name): \(token)\r\n".utf8, at: 0)
  }
}
