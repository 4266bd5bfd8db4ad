/// One part of a message: a leaf with a body, or a multipart or an enclosed message with children.
public struct MIMEPart: Sendable {
  public let header: HeaderBlock
  public let contentType: ContentType
  /// The body as it stands in the message (line ends are LF), transfer encoding not decoded.
  public let rawBody: ArraySlice<UInt8>
  /// The parts of a multipart; the one enclosed message of a message/rfc822.
  public let children: [MIMEPart]

  /// The body with its transfer encoding (base64, quoted-printable, uuencode) removed, at most `limit` bytes. Nothing is
  /// ever inflated (fault 28).
  public func decodedBody(limit: Int = 8 << 20) -> [UInt8] {
    guard let field = header.first("content-transfer-encoding") else { return Array(rawBody.prefix(limit)) }
    let encoding = field.rawValue.trimmed.prefix { $0 != Octet.semicolon }.trimmed
    if encoding.equals("base64") { return Base64.decode(rawBody, limit: limit) }
    if encoding.equals("quoted-printable") { return QuotedPrintable.decode(rawBody, limit: limit) }
    if encoding.equals("x-uuencode") || encoding.equals("uuencode") || encoding.equals("x-uue") {
      return UUDecoder.decode(rawBody, limit: limit)
    }
    return Array(rawBody.prefix(limit))
  }

  /// The body as UTF-8 text with LF line ends, decoded from its charset, at most `limit` bytes before decoding.
  public func text(limit: Int = 1 << 20) -> [UInt8] {
    let bytes = LineEnds.normalised(decodedBody(limit: limit))
    return CharsetDecoder.decode(bytes[...], label: contentType.parameters["charset"] ?? "")
  }

  /// This part and all below it, in the order of the message.
  public var flattened: [MIMEPart] {
    var result: [MIMEPart] = []
    appendFlattened(to: &result)
    return result
  }

  private func appendFlattened(to result: inout [MIMEPart]) {
    result.append(self)
    for child in children { child.appendFlattened(to: &result) }
  }
}
