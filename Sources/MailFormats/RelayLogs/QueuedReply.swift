/// The queue id in a Postfix reply to the final dot: `2.0.0 Ok: queued as 4Fv3kR2dQz9`.
public enum QueuedReply {
  /// - Returns: `nil` when the text names none.
  public static func queueID(_ text: String) -> String? {
    let bytes = Array(text.utf8.prefix(1_000))
    guard let mark = bytes[...].firstRange(of: Array("queued as ".utf8)) else { return nil }
    let id = bytes[mark.upperBound...].prefix { Octet.isLetter($0) || Octet.isDigit($0) }
    // What follows must not be a part of it: `queued as smtp.example` names no queue id.
    let next = mark.upperBound + id.count
    let ends = next == bytes.count || [Octet.space, Octet.cr, Octet.lf, UInt8(ascii: ")")].contains(bytes[next])
    return (5...30).contains(id.count) && ends ? id.utf8Text : nil
  }
}
