internal import MailModel

/// What the dialogue wants done, in order; the connection does it.
enum SMTPAction: Equatable {
  case write([UInt8])
  /// One byte at a time.
  case dribble([UInt8])
  /// What follows waits so long.
  case pause(Span)
  /// Lines without end until the client leaves.
  case flood([UInt8])
  case dataStarted
  case take(TakenMessage)
  case note(String)
  case close

  static func reply(_ code: Int, _ text: String) -> SMTPAction { .write(Array("\(code) \(text)\r\n".utf8)) }
}

/// A message whose final dot was read.
struct TakenMessage: Equatable {
  var envelope: Envelope
  var body: [UInt8]
  var isUnanswered: Bool
}

/// Bytes that are no SMTP reply: the answer of `garbage@`.
enum Gibberish {
  static let bytes: [UInt8] = Array("\u{1B}[2Jzzz 25O not a reply \u{0}\u{7F}\r\n".utf8) + [0xFF, 0xFE, 0x0D, 0x0A]
  /// Text that tries to drive the terminal of whoever reads it (faults 31 to 33).
  static let hostileText =
    "5.7.1 \u{1B}[31m\u{1B}]0;owned\u{07}\u{1B}]52;c;b3duZWQ=\u{07} \u{202E}desrever\u{200B} \u{9B}2J"
}
