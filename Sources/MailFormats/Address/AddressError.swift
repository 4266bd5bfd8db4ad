/// Why a text is not an address that may go into an SMTP command.
public enum AddressError: Error, Equatable, Sendable, CustomStringConvertible {
  case empty
  /// More than ``Address/maximumLength`` bytes, or a part over its own limit (RFC 5321 §4.5.3.1).
  case tooLong(part: String)
  /// A control character, space, `<` or `>`: the bytes that could end the command early.
  case forbiddenCharacter(String)
  case missingAt
  case emptyLocalPart
  case emptyDomain
  case malformedLocalPart
  case malformedDomain(String)

  public var description: String {
    switch self {
    case .empty: "the address is empty"
    case .tooLong(let part): "the \(part) is too long"
    case .forbiddenCharacter(let name): "the address contains \(name)"
    case .missingAt: "the address has no @"
    case .emptyLocalPart: "nothing stands before the @"
    case .emptyDomain: "nothing stands after the @"
    case .malformedLocalPart: "the part before the @ is not a dot-atom or a quoted string"
    case .malformedDomain(let label): "\"\(label)\" is not a domain name"
    }
  }
}
