/// A message read leniently into its parts (RFC 2045, 2046, 5322). Reading never fails and is bounded in size, depth and
/// number; what was cut or repaired is listed in ``defects`` (faults 27, 28).
public struct MIMEMessage: Sendable {
  /// Bytes beyond this are not read: what a report says stands at its front, what follows is the mail that came back.
  public static let maximumLength = 8 << 20
  /// Parts nested deeper than this stay closed.
  public static let maximumDepth = 24
  /// Parts after this many stay closed.
  public static let maximumParts = 500

  public let root: MIMEPart
  public let defects: Set<MIMEDefect>

  /// Whether something of the message was left out because a bound was reached.
  public var isTruncated: Bool {
    !defects.isDisjoint(with: [
      .messageTooLong, .tooManyHeaderFields, .headerFieldTooLong, .nestedTooDeep, .tooManyParts,
    ])
  }

  /// Defects that no mailer makes by accident: the message was built to exhaust its reader (fault 27).
  public var hostileDefects: [MIMEDefect] {
    [.nestedTooDeep, .tooManyParts, .tooManyHeaderFields].filter(defects.contains)
  }

  public var header: HeaderBlock { root.header }

  public init(parsing bytes: [UInt8]) {
    let isTooLong = bytes.count > Self.maximumLength
    var parser = MIMEParser()
    if isTooLong { parser.defects.insert(.messageTooLong) }
    let text = isTooLong ? LineEnds.normalised(bytes.prefix(Self.maximumLength)) : LineEnds.normalised(bytes)
    let start = text.firstIndex { !Octet.isSpace($0) } ?? text.endIndex
    let lineStart = text[..<start].lastIndex(of: Octet.lf).map { $0 + 1 } ?? 0
    root = parser.message(text[lineStart...], depth: 0)
    defects = parser.defects
  }

  /// Only the header of a message, without looking at its parts.
  public static func header(of bytes: [UInt8]) -> HeaderBlock {
    HeaderBlock.parse(LineEnds.normalised(bytes)[...]).header
  }
}
