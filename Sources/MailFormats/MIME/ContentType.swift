/// A Content-Type (RFC 2045 §5), in lower case, with its parameters.
public struct ContentType: Sendable, Equatable {
  public var type: String
  public var subtype: String
  /// Names in lower case.
  public var parameters: [String: String]

  public static let plainText = ContentType(type: "text", subtype: "plain", parameters: [:])

  init(type: String, subtype: String, parameters: [String: String]) {
    self.type = type
    self.subtype = subtype
    self.parameters = parameters
  }

  /// Reads the value of a Content-Type field; what has no slash is text/plain (RFC 2045 §5.2).
  public init(parsing value: [UInt8]) {
    let (head, parameters) = HeaderParameters.parse(value[...])
    guard let slash = head.firstIndex(of: 0x2F), slash > head.startIndex, slash + 1 < head.endIndex else {
      self = .plainText
      self.parameters = parameters
      return
    }
    type = head[..<slash].trimmed.lowercasedText
    subtype = head[(slash + 1)...].trimmed.prefix { !Octet.isSpace($0) }.lowercasedText
    self.parameters = parameters
  }
}
