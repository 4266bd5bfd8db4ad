import MailFormats
import MailModel

/// One connection to a mailbox server, logged in.
///
/// Everything blocks: it belongs to one thread, never the cooperative pool. Only its ``interrupter`` is for others.
/// After any failure but ``IMAPFailure/Kind/refused(command:)`` the connection is closed.
public final class IMAPConnection {
  public let settings: IMAPSettings
  public let interrupter: Interrupter
  var connection: CurlConnection?
  var parser = IMAPResponseParser()
  /// What was asked for along with the opening of a mailbox, and is not read yet.
  var anticipated: (fetch: FetchWindow, tag: String)?
  /// How long a server that took the login may be silent about what came along with it.
  var pipelinePatience = Span.seconds(10)
  /// How the last command that succeeded was answered.
  var answer: IMAPStatus?
  private var commands = 0
  private let input = UnsafeMutableRawBufferPointer.allocate(
    byteCount: CurlConnection.readSize, alignment: 16)

  public init(_ settings: IMAPSettings, interrupter: Interrupter = Interrupter()) {
    self.settings = settings
    self.interrupter = interrupter
  }

  deinit { input.deallocate() }

  public var isOpen: Bool { connection != nil }

  /// Cuts the connection.
  public func abort() {
    connection = nil
    anticipated = nil
  }

  /// Without the password, should the server have repeated it.
  func failure(_ kind: IMAPFailure.Kind, _ detail: String) -> IMAPFailure {
    let login = SpokenLogin(username: settings.username, password: settings.password)
    return IMAPFailure(kind: kind, endpoint: settings.endpoint, detail: login.withoutPassword(detail))
  }

  func close(_ failure: IMAPFailure) -> IMAPFailure {
    connection = nil
    return failure
  }
}

extension IMAPConnection {
  /// Sends one command and reads up to its answer.
  func run(_ command: String) throws(IMAPFailure) {
    try passAnticipated()
    let tag = try begin(command)
    let end = endOfProgress
    while try nextResponse(of: tag, command, until: end) != nil {}
  }

  /// - Returns: the tag that the answer to the command will have.
  func begin(_ command: String) throws(IMAPFailure) -> String {
    let tag = nextTag()
    try write(Array("\(tag) \(command)\r\n".utf8))
    return tag
  }

  func nextTag() -> String {
    commands += 1
    return "P\(commands)"
  }

  func write(_ bytes: [UInt8]) throws(IMAPFailure) {
    guard let connection else { throw failure(.closed, "the connection is not open") }
    let patience = Patience(deadline: Monotonic.now + settings.commandTimeout)
    let result: Result<Void, StreamFault> = bytes.withUnsafeBytes { raw in
      Result { () throws(StreamFault) in try connection.writeAll(raw, patience) }
    }
    if case .failure(let fault) = result { throw close(failure(of: fault)) }
  }

  /// - Parameter end: of the wait for the whole answer.
  /// - Returns: `nil` once the command was answered with OK.
  func nextResponse(
    of tag: String, _ command: String, within limit: Span? = nil, until end: Timestamp? = nil
  ) throws(IMAPFailure) -> IMAPResponse? {
    let response = try readResponse(within: limit, until: end)
    switch response {
    case .tagged(tag, let status):
      try judge(status, of: command)
      answer = status
      return nil
    case .tagged(let other, _): throw unasked(other)
    case .untagged(let status) where status.condition == .bye && command != "LOGOUT": throw farewell(status)
    default: return response
    }
  }

  /// - Throws: ``IMAPFailure`` of the kind `refused` for an answer that says no.
  func judge(_ status: IMAPStatus, of command: String) throws(IMAPFailure) {
    // Mails that are gone are no failure of the command (RFC 5530 §3); the others have been sent.
    if status.condition == .ok || status.code?.uppercased() == "EXPUNGEISSUED" { return }
    let verb = command.split(separator: " ").prefix(2).joined(separator: " ")
    throw failure(.refused(command: verb), "\(status.condition.rawValue) \(status.text)")
  }

  func unasked(_ tag: String) -> IMAPFailure {
    close(failure(.protocolViolation, "an answer to \(tag.debugDescription), which nobody asked"))
  }

  func farewell(_ status: IMAPStatus) -> IMAPFailure { close(failure(.closed, "BYE \(status.text)")) }

  /// When a server that goes on talking has to have come on with what it was asked for. Servers that need long say so
  /// again and again, which is no sign of progress.
  var endOfProgress: Timestamp { Monotonic.now + Span(microseconds: 10 * settings.commandTimeout.microseconds) }

  /// - Parameters:
  ///   - limit: for this response; the command timeout without it.
  ///   - end: of all waiting, however much the server says.
  func readResponse(within limit: Span? = nil, until end: Timestamp? = nil) throws(IMAPFailure) -> IMAPResponse {
    guard let connection else { throw failure(.closed, "the connection is not open") }
    let now = Monotonic.now
    let last = now + (limit ?? settings.commandTimeout)
    let patience = Patience(deadline: end.map { min($0, last) } ?? last)
    guard patience.deadline > now else { throw close(failure(of: .timedOut)) }
    while true {
      do throws(IMAPResponseError) {
        if let response = try parser.next() { return response }
      } catch { throw close(failure(.protocolViolation, error.description)) }
      do throws(StreamFault) {
        let count = try connection.read(into: input, patience)
        parser.append(UnsafeRawBufferPointer(rebasing: input[..<count]))
      } catch { throw close(failure(of: error)) }
    }
  }

  private func failure(of fault: StreamFault) -> IMAPFailure {
    switch fault {
    case .closed(let reason): failure(.closed, reason)
    case .timedOut: failure(.timeout, "no complete response in time")
    case .stopped: failure(.interrupted, "another thread asked to stop")
    }
  }
}
