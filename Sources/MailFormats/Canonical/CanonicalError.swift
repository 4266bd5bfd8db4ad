/// Why a message may not enter the queue.
public enum CanonicalError: Error, Equatable, Sendable, CustomStringConvertible {
  case empty
  /// Size in bytes and the allowed size.
  case tooLarge(size: Int, limit: Int)
  /// Byte offset in the message as handed in.
  case containsNUL(offset: Int)
  /// A line of more than 998 bytes (RFC 5322 §2.1.1). Numbers count from 1.
  case headerLineTooLong(line: Int, length: Int)
  case bodyLineTooLong(line: Int, length: Int)
  case headerTooLong(limit: Int)
  /// A header line that is neither a field nor the continuation of one.
  case malformedHeader(line: Int)
  /// A control character in a header field.
  case controlInHeader(field: String)
  case missingFrom
  /// More than one From field, or more than one mailbox in it.
  case severalFrom
  /// A field that may stand only once (RFC 5322 §3.6).
  case repeatedField(String)
  /// From, To, Cc or Bcc names something that is not an address.
  case badAddress(field: String, text: String, AddressError)
  case malformedMessageID(String)
  case noRecipient
  case tooManyRecipients(limit: Int)

  public var description: String {
    switch self {
    case .empty: "the message is empty"
    case .tooLarge(let size, let limit): "the message has \(size) bytes, allowed are \(limit)"
    case .containsNUL(let offset): "the message contains NUL at byte \(offset)"
    case .headerLineTooLong(let line, let length): "line \(line) of the header has \(length) bytes, allowed are 998"
    case .bodyLineTooLong(let line, let length):
      "line \(line) has \(length) bytes, allowed are 998: encode the body as quoted-printable or base64"
    case .headerTooLong(let limit): "the header has more than \(limit) bytes"
    case .malformedHeader(let line): "line \(line) of the header is neither a field nor its continuation"
    case .controlInHeader(let field): "the header field \(field) contains a control character"
    case .missingFrom: "the message has no From field"
    case .severalFrom: "the message must have one From field with one address"
    case .repeatedField(let name): "the header field \(name) may stand only once"
    case .badAddress(let field, let text, let error): "\(field): \"\(text)\": \(error)"
    case .malformedMessageID(let text): "\"\(text)\" is not a Message-ID"
    case .noRecipient: "the message names no recipient"
    case .tooManyRecipients(let limit): "the message names more than \(limit) recipients"
    }
  }
}
