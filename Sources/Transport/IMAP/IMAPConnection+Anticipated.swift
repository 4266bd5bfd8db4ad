import MailFormats

/// A fetch on its way before anybody knows what the mailbox holds (RFC 3501 §5.5: a client need not wait for the end of
/// SELECT, because a server must not begin before it).
extension IMAPConnection {
  func begin(_ fetch: FetchWindow) throws(IMAPFailure) -> String {
    expect(fetch)
    return try begin(fetch.command)
  }

  /// Lets the answer hold mails of this length.
  func expect(_ fetch: FetchWindow) { parser.limits.literal = max(65_536, fetch.maximumBytes) }

  /// - Returns: the tag of the command that is on its way for this; `nil` when none is.
  func takeAnticipated(_ wanted: FetchWindow) throws(IMAPFailure) -> String? {
    guard let (fetch, tag) = anticipated, fetch.covers(wanted) else {
      try passAnticipated()
      return nil
    }
    anticipated = nil
    return tag
  }

  /// Reads past the answer of what was asked for in vain: before any other command is said, since its end could not be
  /// told from theirs. That it was refused is no matter.
  func passAnticipated() throws(IMAPFailure) {
    guard let (fetch, tag) = anticipated else { return }
    anticipated = nil
    let end = endOfProgress
    do throws(IMAPFailure) { while try nextResponse(of: tag, fetch.command, until: end) != nil {} } catch {
      guard case .refused = error.kind else { throw error }
    }
  }
}
