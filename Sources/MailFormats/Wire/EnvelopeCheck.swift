/// What makes an address unfit for MAIL or RCPT.
public enum EnvelopeFault: Error, Sendable, Equatable, CustomStringConvertible {
  case empty
  /// A byte that would end or split the command: control characters, space, `<` or `>`.
  case forbidden(UInt8)
  case missingDomain
  /// Over the 64 octets of a local part, 255 of a domain or 254 of the whole (RFC 5321 §4.5.3.1).
  case tooLong

  public var description: String {
    switch self {
    case .empty: "the address is empty"
    case .forbidden(let byte): "the address contains the byte 0x\(String(byte, radix: 16)), which no envelope may"
    case .missingDomain: "the address is not of the form local@domain"
    case .tooLong: "the address is longer than RFC 5321 allows"
    }
  }
}

/// Decides whether an address may be an envelope sender or a recipient. Asked when a message is enqueued, and again
/// by the transport before the first byte goes out.
public enum EnvelopeCheck {
  /// - Parameter allowsEmpty: `true` for an envelope sender, where empty is the null reverse-path `<>`.
  /// - Returns: `nil` when the address is fit.
  public static func fault(in address: String, allowsEmpty: Bool = false) -> EnvelopeFault? {
    let bytes = address.utf8
    if bytes.isEmpty { return allowsEmpty ? nil : .empty }
    guard bytes.count <= 254 else { return .tooLong }
    for byte in bytes where byte <= 0x20 || byte == 0x7F || byte == 0x3C || byte == 0x3E {
      return .forbidden(byte)
    }
    guard let at = bytes.lastIndex(of: 0x40), at != bytes.startIndex, bytes.index(after: at) != bytes.endIndex else {
      return .missingDomain
    }
    return bytes[..<at].count > 64 ? .tooLong : nil
  }
}
