/// What editors of Windows put before the first line of a file: U+FEFF in UTF-8 (RFC 3629 §6). It belongs to no line.
public enum ByteOrderMark {
  private static let bytes: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// - Returns: the content behind the mark, or all of it without one.
  public static func skipped(in content: [UInt8]) -> ArraySlice<UInt8> {
    content.starts(with: bytes) ? content.dropFirst(bytes.count) : content[...]
  }
}
