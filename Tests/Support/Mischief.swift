public import Foundation

/// What a client just did, to which a ``SMTPMischiefServer`` answers.
public enum MischiefStep: String, Sendable, CaseIterable {
  case greeting, hello, startTLS, auth, mail, rcpt, data
  /// The first bytes of a body have arrived.
  case body
  case dot, rset, quit, other
}

/// How a ``SMTPMischiefServer`` answers one step.
public enum MischiefAction: Sendable, Equatable {
  /// As a well-behaved server.
  case normal
  /// These bytes and a CRLF.
  case reply(String)
  /// These bytes as they are.
  case raw([UInt8])
  /// These bytes, then the connection is closed.
  case replyAndDrop(String)
  /// The connection is closed without a word.
  case drop
  /// Nothing is said or read any more; the connection stays open.
  case stall
  /// `250-` lines without an end.
  case endless
  /// These bytes one at a time, with this many milliseconds between.
  case slow(String, milliseconds: UInt32)
}

/// The conduct of a ``SMTPMischiefServer``.
public struct Mischief: Sendable {
  /// Where a step happened.
  public struct Moment: Sendable, Equatable {
    /// From 1, over all connections.
    public var connection: Int
    /// From 1, within the connection; 0 before the first MAIL.
    public var message: Int
  }

  /// What is offered after EHLO.
  public var capabilities = ["PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 10485760", "DSN", "ENHANCEDSTATUSCODES"]
  /// A sloppy server takes a bare CR or LF for a line end, the dot's line included; a strict one only CRLF.
  public var isSloppy = false
  public var action: @Sendable (MischiefStep, Moment) -> MischiefAction = { _, _ in .normal }

  public init() {}

  /// Answers one step with one action, every time, and behaves otherwise.
  public static func at(_ step: MischiefStep, _ action: MischiefAction, pipelining: Bool = true) -> Mischief {
    var mischief = Mischief()
    if !pipelining { mischief.capabilities.removeAll { $0 == "PIPELINING" } }
    mischief.action = { current, _ in current == step ? action : .normal }
    return mischief
  }
}

/// One message as a ``SMTPMischiefServer`` received it.
public struct ReceivedMessage: Sendable, Equatable {
  /// The parameters of MAIL and RCPT, brackets included.
  public var mail: String
  public var recipients: [String]
  /// What came between DATA and the dot, dots still doubled.
  public var data: [UInt8]
  public var dotAt: Date
}
