/// Finds the returned message (or its header) inside the text of a notice.
enum ReturnedMessage {
  /// Lines that announce the returned message, in lower case, as they stand after dashes, `=`, `>` and spaces.
  private static let announcements = OpeningWords([
    "below this line is a copy", "below the next line is a copy", "this is a copy of the message",
    "this is a copy of your message", "original message", "original email", "the original message follows",
    "message header follows", "header of the original message", "the header of the original",
    "enclosed is a copy of the message", "enclosed are the original headers", "returned message",
    "start of returned message",
    "unsent message follows", "unsent message below", "the following is a copy", "here is a copy of",
    "copy of your message",
    "headers of the original", "original headers", "the first 50 lines of your original", "original message header",
    "original message headers", "content of the original", "included is a copy", "included below", "below is a copy",
    "the body of the message is", "message text follows", "message contents", "undelivered message", "failed message",
    "your message reads", "your original message", "original mail", "the message header", "message headers follow",
    "a copy of your", "return message", "rejected message", "header of the message", "first part of the original",
    "text of your message", "text of mail follows", "text of the message", "your message follows", "your mail follows",
  ])

  private static let headerNames = OpeningWords([
    "received:", "return-path:", "message-id:", "dkim-signature:", "from:", "to:", "subject:", "date:", "mime-version:",
    "x-received:", "content-type:", "delivered-to:", "x-sender:", "sender:", "reply-to:", "x-mailer:", "envelope-to:",
    "x-original-to:", "authentication-results:", "arc-seal:", "domainkey-signature:", "received-spf:", "cc:",
    "x-google-dkim-signature:", "user-agent:", "x-spam", "x-originating", "errors-to:", "precedence:", "importance:",
  ])

  /// Lines that a header may begin at are tried so often: each is read on for up to 64 KiB.
  private static let maximumAttempts = 100

  /// Where the notice ends, where the returned text starts, and its header; `nil` when there is none.
  static func find(in text: Octets) -> (noticeEnd: Int, start: Int, header: HeaderBlock)? {
    var announced: Int?
    var attempts = 0
    var lineStart = text.startIndex
    while lineStart < text.endIndex {
      let end = text.lineEnd(from: lineStart)
      let line = text[lineStart..<end]
      if isAnnouncement(line) {
        announced = lineStart
      } else if attempts < maximumAttempts, startsHeader(line) {
        attempts += 1
        if let header = header(in: text, at: lineStart, isAnnounced: announced != nil) {
          return (announced ?? lineStart, lineStart, header)
        }
      }
      lineStart = min(end + 1, text.endIndex)
    }
    guard let announced else { return nil }
    return (announced, announced, .empty)
  }

  /// `The original message was received at …` announces what is told of it.
  private static let receipt = Array("message was received".utf8)

  private static func isAnnouncement(_ line: Octets) -> Bool {
    guard line.count < 200 else { return false }
    let words = line.drop { !Octet.isLetter($0) }.prefix(80)
    guard words.count > 8, isAnnounced(words, in: line) else { return false }
    return !words.starts(with: "original message-id") && !words.starts(with: "original message id")
      && !words.lowercasedBytes[...].contains(receipt)
  }

  private static func isAnnounced(_ words: Octets, in line: Octets) -> Bool {
    if announcements.begin(words) { return true }
    let isRuled =
      line.starts(with: "--") || line.trimmed.starts(with: "--") || line.starts(with: "==") || line.starts(with: "**")
    guard isRuled || (words.count < 60 && line.trimmed.last == Octet.colon) else { return false }
    let lower = words.lowercasedBytes[...]
    return announcements.words.contains { lower.contains([UInt8]($0)) }
  }

  /// Whether a line begins as one of a message's header does.
  static func startsHeader(_ line: Octets) -> Bool {
    headerNames.begin(line.prefix(60).drop { $0 == Octet.space || $0 == Octet.greater || $0 == Octet.tab })
  }

  /// A header is believed when it has several fields, among them some that only a message carries.
  static func header(in text: Octets, at start: Int, isAnnounced: Bool) -> HeaderBlock? {
    let block = unquoted(text[start...].prefix(64 << 10))
    let header = HeaderBlock.parse(block).header
    let strong: [StaticString] = ["received", "return-path", "dkim-signature", "x-received"]
    let weak: [StaticString] = ["message-id", "mime-version", "date", "content-type", "from", "subject", "to"]
    let weight = 3 * strong.filter { header.first($0) != nil }.count + weak.filter { header.first($0) != nil }.count
    return weight >= (isAnnounced ? 2 : 6) ? header : nil
  }

  /// Takes off the quote marks or the indentation that every line of the block begins with.
  static func unquoted(_ block: Octets) -> Octets {
    let firstLine = block[block.startIndex..<block.lineEnd(from: block.startIndex)]
    let prefix = Array(firstLine.prefix { $0 == Octet.space || $0 == Octet.greater || $0 == Octet.tab })
    guard !prefix.isEmpty else { return block }
    var result: [UInt8] = []
    result.reserveCapacity(block.count)
    for line in LineReader(block) {
      result += line.starts(with: prefix) ? line.dropFirst(prefix.count) : line
      result.append(Octet.lf)
    }
    return result[...]
  }
}
