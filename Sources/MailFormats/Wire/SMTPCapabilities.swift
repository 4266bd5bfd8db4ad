public import MailModel

/// What a server offers in its reply to EHLO (RFC 5321 §4.1.1.1), as far as this program uses it.
public struct SMTPCapabilities: Sendable, Equatable {
  public var pipelining = false
  public var eightBitMIME = false
  public var smtpUTF8 = false
  public var dsn = false
  public var startTLS = false
  /// SASL mechanisms, upper case.
  public var authMechanisms: Set<String> = []
  /// `true` when SIZE is offered; ``maximumSize`` may still be unknown.
  public var size = false
  /// Bytes; `nil` when the server names no limit.
  public var maximumSize: Int?

  public init() {}

  /// Reads the reply to EHLO; the first line is the greeting and offers nothing. Unknown keywords are ignored.
  public init(_ reply: ServerReply) {
    for line in reply.text.split(separator: "\n").dropFirst().prefix(SMTPReplyParser.maximumLines) {
      let words = line.split { $0 == " " || $0 == "=" }.map { $0.uppercased() }
      switch words.first {
      case "PIPELINING": pipelining = true
      case "8BITMIME": eightBitMIME = true
      case "SMTPUTF8": smtpUTF8 = true
      case "DSN": dsn = true
      case "STARTTLS": startTLS = true
      case "AUTH": authMechanisms.formUnion(words.dropFirst())
      case "SIZE":
        size = true
        maximumSize = words.dropFirst().first.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
      default: break
      }
    }
  }
}
