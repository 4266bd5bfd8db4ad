import MailFormats
public import MailModel

extension IMAPConnection {
  /// Bytes of an answer to SEARCH: the UIDs of several hundred thousand mails.
  private static let longestSearch = 4 << 20

  /// The lowest UID of the mails of the open mailbox that arrived on a day or later; `nil` when there are none.
  ///
  /// - Parameter day: in UTC. A server goes by the days of its own time zone (RFC 3501 §6.4.4, SINCE): whoever must miss
  ///   nothing asks for the day before.
  public func firstUID(since day: Timestamp) throws(IMAPFailure) -> UInt32? {
    try passAnticipated()
    let usual = parser.limits.line
    parser.limits.line = IMAPConnection.longestSearch
    defer { parser.limits.line = usual }
    let command = "UID SEARCH SINCE \(MailDate.day(day))"
    let tag = try begin(command)
    let end = endOfProgress
    var first: UInt32?
    while let response = try nextResponse(of: tag, command, until: end) {
      guard case .search(let uids) = response, let lowest = uids.min() else { continue }
      first = min(first ?? lowest, lowest)
    }
    return first
  }
}
