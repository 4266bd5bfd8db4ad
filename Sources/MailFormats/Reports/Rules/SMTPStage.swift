/// The step of the SMTP dialogue at which a server refused, as far as notices tell.
public enum SMTPStage: String, Sendable, CaseIterable {
  case connect, mail
  case recipient = "rcpt"
  case data

  private static let phrases: [(SMTPStage, [[UInt8]])] = [
    (
      .mail,
      [
        "after mail from", "in reply to mail from", "reply to mail from", "(mail from)", "command: mail", "[mail_from]",
        "for mail from command", "did not like our mail from", "after sender", "mail from command failed",
      ].map { Array($0.utf8) }
    ),
    (
      .data,
      [
        "in reply to end of data", "after end of data", "after data", "in reply to data", "command: data",
        ">>> data", ">>> .", "for text command", "end of data command", "after sending data", "after pipelined data",
        "did not like our final dot", "(end of message)", "failed after i sent the message", "in reply to bdat",
      ].map { Array($0.utf8) }
    ),
    (
      .connect,
      [
        "after initial connection", "in reply to helo", "in reply to ehlo", "after helo", "after ehlo",
        "my name was rejected", "in reply to connect", "connected to*but my name", "in reply to initial greeting",
        "command: ehlo", "command: helo", "refused to talk to me", "but greeting failed",
      ].map { Array($0.utf8) }
    ),
    (
      .recipient,
      [
        "in reply to rcpt", "after rcpt", ">>> rcpt", "did not like our rcpt", "for rcpt to command", "command: rcpt",
        "does not like recipient",
      ].map { Array($0.utf8) }
    ),
  ]

  /// The step that the text names, or `nil`.
  static func named(in text: FoldedText) -> SMTPStage? {
    phrases.first { text.containsAny($0.1) }?.0
  }
}
