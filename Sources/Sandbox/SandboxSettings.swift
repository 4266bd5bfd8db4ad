public import MailModel

/// How a `Sandbox` behaves. Plain values; a running sandbox takes changes at once, except for its ports.
public struct SandboxSettings: Sendable {
  /// Name used in the greeting, in Received lines and in reports.
  public var hostName = "relay.sandbox.invalid"
  /// Ports on 127.0.0.1; 0 asks the system for a free one.
  public var smtpPort = 0
  public var imapPort = 0
  /// Same seed, same order of commands: same mischief and same delays.
  public var seed: UInt64 = 1

  /// Added before every SMTP reply is written, like a round trip; commands behind it are still read.
  public var replyDelay = Span.milliseconds(0)
  /// Between taking a message at its final dot and replying to it; commands behind it wait.
  public var dotDelay = Span.milliseconds(0)
  /// How long the steps of `slow@` take, and how long `greylist@` is put off.
  public var slowDelay = Span.seconds(2)
  public var greylistFor = Span.seconds(2)
  /// Between acceptance and the arrival of the DSN, feedback report or reply.
  public var reportDelay: ClosedRange<Span> = .milliseconds(300) ... .seconds(2)

  /// Largest message in bytes after dot-unstuffing (RFC 1870).
  public var maxMessageSize = 10 * 1024 * 1024
  public var maxRecipients = 100
  public var maxConnections = 512
  /// EHLO keywords offered; SIZE and AUTH are added with their values.
  public var extensions = ["PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES", "DSN", "SMTPUTF8"]
  /// Answers a message that holds a bare CR or LF with 550 5.6.0 instead of taking it.
  public var refusesBareLineEnds = true
  public var greeting = RelayGreeting.normal
  /// When set, AUTH PLAIN and LOGIN are offered and MAIL is refused without them.
  public var smtpLogin: SandboxLogin?
  /// Users of the mailbox. Mail for an address that is no user goes to the first.
  public var imapLogins = [SandboxLogin.reports]
  /// Chances of mischief for addresses that would otherwise be accepted.
  public var mischief = Mischief()
  public var mailboxMischief = MailboxMischief()

  /// Bounds of memory: bytes of mail per mailbox (oldest go first), bytes of accepted bodies kept for comparison,
  /// accepted messages and log lines kept.
  public var mailboxBytes = 64 * 1024 * 1024
  public var keptBodyBytes = 32 * 1024 * 1024
  public var keptMessages = 200_000
  public var keptLogLines = 20_000

  public init() {}
}

/// A user name and its password.
public struct SandboxLogin: Sendable, Equatable {
  public var user: String
  public var password: String

  public init(user: String, password: String) {
    self.user = user
    self.password = password
  }

  /// The user that a rehearsal reads its reports as.
  public static let reports = SandboxLogin(user: "reports@postroom.invalid", password: "rehearsal")
}

/// How the relay opens a connection.
public enum RelayGreeting: Sendable, CaseIterable {
  case normal
  /// 421 and close, a relay that is too busy.
  case busy
  /// Takes the connection and says nothing.
  case silent
  /// Bytes that are no SMTP reply.
  case garbage
  /// `220-` lines without end.
  case endless
  /// Closes at once.
  case closes
}

/// Chances, from 0 to 1, that a message for an ordinary address meets trouble.
public struct Mischief: Sendable, Equatable {
  public var deferAtRecipient = 0.0
  public var dropInData = 0.0
  public var dropAfterDot = 0.0
  public var stallAfterDot = 0.0
  public var bounce = 0.0
  public var complain = 0.0

  public init() {}
}

/// What goes wrong in the mailbox, for tests.
public struct MailboxMischief: Sendable, Equatable {
  public enum Greeting: Sendable { case normal, preauth, bye, garbage, silent }

  public var greeting = Greeting.normal
  /// Every LOGIN and AUTHENTICATE fails.
  public var refusesLogin = false
  /// Closes the connection after this many bytes of the next literal; used up by it.
  public var disconnectInLiteralAfter: Int?
  /// Announces a literal of this size for the next body, sends a little of it and falls silent; used up by it.
  public var announcedLiteralSize: UInt64?
  /// Written as they are in place of the next FETCH response lines; used up by them.
  public var rawFetchResponse: [UInt8]?
  /// Untagged lines without end after the next SELECT; used up by it.
  public var endlessAfterSelect = false

  public init() {}
}
