/// Builds the part tree; its recursion is bounded by ``MIMEMessage/maximumDepth``.
struct MIMEParser {
  var defects: Set<MIMEDefect> = []
  private var partCount = 0

  /// A header and a body, as a message or as one part of a multipart.
  mutating func message(_ text: Octets, depth: Int, defaultType: ContentType = .plainText) -> MIMEPart {
    let (header, bodyStart) = HeaderBlock.parse(text)
    defects.formUnion(header.defects)
    partCount += 1
    let type = header.first("content-type").map { ContentType(parsing: $0.valueBytes) } ?? defaultType
    let body = text[bodyStart...]
    return MIMEPart(
      header: header, contentType: type, rawBody: body,
      children: children(of: type, header: header, body: body, depth: depth))
  }

  private mutating func children(of type: ContentType, header: HeaderBlock, body: Octets, depth: Int) -> [MIMEPart] {
    let isMultipart = type.type == "multipart"
    let isEnclosed = type.type == "message" && ["rfc822", "global", "news"].contains(type.subtype)
    guard isMultipart || isEnclosed else { return [] }
    guard depth < MIMEMessage.maximumDepth else {
      defects.insert(.nestedTooDeep)
      return []
    }
    if isMultipart { return multipart(type, body: body, depth: depth) }
    return [message(enclosed(header: header, body: body), depth: depth + 1)]
  }

  /// An enclosed message must not be base64-encoded (RFC 2046 §5.2.1), but some are.
  private func enclosed(header: HeaderBlock, body: Octets) -> Octets {
    let part = MIMEPart(header: header, contentType: .plainText, rawBody: body, children: [])
    var bytes = body
    if let encoding = header.first("content-transfer-encoding")?.rawValue.trimmed,
      encoding.equals("base64") || encoding.equals("quoted-printable")
    {
      let decoded = LineEnds.normalised(part.decodedBody())
      let looksDecoded = HeaderBlock.parse(body).header.fields.count > 1
      if !looksDecoded { bytes = decoded[...] }
    }
    // Blank lines before the enclosed header are not its end.
    let start = bytes.firstIndex { $0 != Octet.lf } ?? bytes.startIndex
    return bytes[start...]
  }

  private mutating func multipart(_ type: ContentType, body: Octets, depth: Int) -> [MIMEPart] {
    var boundary = type.parameters["boundary"].map { Array($0.utf8) } ?? []
    while boundary.last.map(Octet.isSpace) == true { boundary.removeLast() }
    if boundary.isEmpty {
      defects.insert(.missingBoundary)
      boundary = guessedBoundary(body)
      guard !boundary.isEmpty else { return [] }
    }
    var (sections, isClosed) = MultipartSplitter.split(body, boundary: boundary)
    if sections.isEmpty {
      defects.insert(.boundaryNotFound)
      boundary = guessedBoundary(body)
      guard !boundary.isEmpty else { return [] }
      (sections, isClosed) = MultipartSplitter.split(body, boundary: boundary)
    }
    if !isClosed { defects.insert(.unterminatedMultipart) }
    let isDigest = type.subtype == "digest"
    let defaultType = isDigest ? ContentType(type: "message", subtype: "rfc822", parameters: [:]) : .plainText
    var parts: [MIMEPart] = []
    for section in sections {
      guard partCount < MIMEMessage.maximumParts else {
        defects.insert(.tooManyParts)
        break
      }
      parts.append(message(section, depth: depth + 1, defaultType: defaultType))
    }
    return parts
  }

  /// The first line that looks like a delimiter and is followed by a field of a part's header.
  private func guessedBoundary(_ body: Octets) -> [UInt8] {
    var candidate: Octets?
    for line in LineReader(body.prefix(65_536)) {
      if candidate != nil, line.starts(with: "content-"), let found = candidate { return Array(found) }
      candidate = line.starts(with: "--") && line.count > 4 && line.count <= 202 ? line.dropFirst(2).trimmed : nil
      if candidate?.contains(Octet.space) == true { candidate = nil }
    }
    return []
  }
}
