import CCurl
public import MailFormats
import MailModel

/// One connection to a relay, kept open over many messages.
///
/// Everything blocks: it belongs to one thread, never the cooperative pool. Only its ``interrupter`` is for others.
public final class SMTPConnection {
  public let settings: SMTPSettings
  public let interrupter: Interrupter
  /// Messages whose final dot this connection has sent.
  public internal(set) var deliveries = 0
  /// What the relay offers on the secured connection.
  public private(set) var capabilities = SMTPCapabilities()

  /// The address of the relay that answers; empty before the first connection.
  public private(set) var peer = ""

  var connection: CurlConnection?
  /// The message whose envelope went out along with the last dot; nothing else may follow on this connection.
  var announced: PreparedMail?
  var parser = SMTPReplyParser()
  /// Commands and body on their way out, and replies on their way in; allocated once.
  let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
  let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_640, alignment: 16)

  public init(_ settings: SMTPSettings, interrupter: Interrupter = Interrupter()) {
    self.settings = settings
    self.interrupter = interrupter
  }

  deinit {
    output.deallocate()
    input.deallocate()
  }

  /// Connects, secures with TLS and logs in, as the settings say. Closes what was open before.
  public func open() throws(SMTPFailure) {
    abort()
    guard let attempt = CurlConnection(settings.plan, interrupter: interrupter) else {
      throw failure(.settings, "libcurl does not start")
    }
    let opened: Result<Void, ConnectionFailure> = Result { () throws(ConnectionFailure) in try attempt.open() }
    let replies = OpeningReplies(attempt.lines.bytes)
    if case .failure(let why) = opened { throw failure(replies.kind(of: why), why.detail, replies.decisive) }
    if settings.username != nil, !replies.hasLoggedIn {
      throw failure(.login, "the relay offers no login that can be used here")
    }
    capabilities = replies.capabilities
    parser = SMTPReplyParser()
    deliveries = 0
    peer = PeerAddress.text(of: attempt.socket)
    connection = attempt
  }

  /// Without the password, should the relay have repeated it.
  private func failure(
    _ kind: ConnectionFailureKind, _ detail: String, _ reply: ServerReply? = nil
  ) -> SMTPFailure {
    let login = SpokenLogin(username: settings.username ?? "", password: settings.password ?? Secret(""))
    return SMTPFailure(
      kind: kind, endpoint: settings.endpoint, detail: login.withoutPassword(detail),
      reply: reply.map(login.withoutPassword))
  }

  /// Whether a message may be delivered over it: open, not interrupted, and the relay has neither hung up nor said
  /// anything unasked.
  ///
  /// - Parameter mail: the message that was announced, when one was; any other then may not.
  public func isReusable(for mail: PreparedMail? = nil) -> Bool {
    guard let connection, !interrupter.isInterrupted else { return false }
    if let announced { return announced === mail }
    return parser.isEmpty && !connection.hasUnexpectedInput
  }

  /// Says QUIT and waits for the answer, two seconds at most.
  public func close() {
    if let connection, isReusable() {
      let patience = Patience(deadline: Monotonic.now + .seconds(2))
      if (try? send("QUIT\r\n", on: connection, patience)) != nil { _ = try? readReply(on: connection, patience) }
    }
    abort()
  }

  /// Cuts the connection as it is: no QUIT, and never a final dot.
  public func abort() {
    connection = nil
    announced = nil
  }
}

/// The replies that the relay gave while libcurl set the connection up.
struct OpeningReplies {
  var replies: [ServerReply] = []

  init(_ bytes: [UInt8]) {
    var parser = SMTPReplyParser()
    parser.append(bytes)
    while let reply = try? parser.next() { replies.append(reply) }
  }

  /// The last 250 is the one to the last EHLO: greeting and STARTTLS are answered with 220, AUTH with 235.
  var capabilities: SMTPCapabilities {
    replies.last { $0.code == 250 }.map { SMTPCapabilities($0) } ?? SMTPCapabilities()
  }

  var hasLoggedIn: Bool { replies.contains { $0.code == 235 } }

  /// The last refusal, else the last reply.
  var decisive: ServerReply? { replies.last { $0.code >= 400 } ?? replies.last }

  func kind(of failure: ConnectionFailure) -> ConnectionFailureKind {
    guard failure.kind == .dialogue || failure.kind == .greeting else { return failure.kind }
    let isRefusedAtOnce = replies.count == 1 && replies.contains { $0.code >= 400 }
    return replies.isEmpty || isRefusedAtOnce ? .greeting : .dialogue
  }
}
