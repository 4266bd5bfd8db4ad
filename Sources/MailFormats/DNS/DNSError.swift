/// Why bytes are no answer to a question (RFC 1035 §4).
public enum DNSError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The name cannot be asked for.
  case unaskable(String)
  /// Not an answer, or one to another question: to be ignored, because anyone can send one.
  case otherQuestion
  /// The message ends inside of something.
  case short
  /// A label or pointer that cannot be, a loop, or a name of more than 255 bytes.
  case badName
  /// More records than anybody needs.
  case tooMany

  public var description: String {
    switch self {
    case .unaskable(let name): "'\(name)' cannot be asked for"
    case .otherQuestion: "not the answer to this question"
    case .short: "an answer that ends too early"
    case .badName: "an answer with a name that cannot be"
    case .tooMany: "an answer of more than \(DNSReply.maximumRecords) records"
    }
  }
}
