import Foundation
import Glibc

/// One connection of a ``SMTPMischiefServer``.
struct MischiefSession {
  let server: SMTPMischiefServer
  let mischief: Mischief
  let peer: Int32
  let connection: Int
  private var message = 0
  private var buffer: [UInt8] = []
  private var mail = ""
  private var recipients: [String] = []

  init(server: SMTPMischiefServer, mischief: Mischief, peer: Int32, connection: Int) {
    self.server = server
    self.mischief = mischief
    self.peer = peer
    self.connection = connection
  }

  mutating func run() {
    guard answer(.greeting, "220 mischief.test ESMTP") else { return }
    while let line = nextLine() {
      let text = String(decoding: line, as: UTF8.self)
      let verb = text.prefix { $0 != " " }.uppercased()
      let argument = String(text.drop { $0 != ":" }.dropFirst())
      guard handle(verb, argument) else { return }
    }
  }

  private mutating func handle(_ verb: String, _ argument: String) -> Bool {
    switch verb {
    case "EHLO", "HELO": return answer(.hello, greeting)
    case "STARTTLS": return answer(.startTLS, "454 4.7.0 not now")
    case "AUTH": return answer(.auth, "535 5.7.8 no")
    case "MAIL":
      message += 1
      (mail, recipients) = (argument, [])
      return answer(.mail, "250 2.1.0 sender ok")
    case "RCPT":
      if case .reply(let text) = action(.mail), !text.hasPrefix("2") { return write("503 5.5.1 no sender\r\n") }
      let before = recipients
      recipients.append(argument)
      if case .reply(let text) = action(.rcpt), !text.hasPrefix("2") { recipients = before }
      return answer(.rcpt, "250 2.1.5 recipient ok")
    case "DATA":
      guard !recipients.isEmpty || action(.data) != .normal else { return write("503 5.5.1 no recipients\r\n") }
      let offered = action(.data)
      guard answer(.data, "354 go ahead") else { return false }
      return offered == .normal ? takeBody() : true
    case "RSET":
      (mail, recipients) = ("", [])
      return answer(.rset, "250 2.0.0 reset")
    case "QUIT":
      _ = answer(.quit, "221 2.0.0 bye")
      return false
    default: return answer(.other, "500 5.5.2 what?")
    }
  }

  private var greeting: String {
    let lines = ["mischief.test"] + mischief.capabilities
    return lines.enumerated().map { "250\($0 == lines.count - 1 ? " " : "-")\($1)" }.joined(separator: "\r\n")
  }

  /// Reads up to the dot, as strictly or sloppily as told.
  private mutating func takeBody() -> Bool {
    var data: [UInt8] = []
    var isFirst = true
    while true {
      if isFirst, !buffer.isEmpty || fill() {
        isFirst = false
        if action(.body) != .normal, !answer(.body, "") { return false }
      }
      guard let line = nextLine(keepingEnd: true) else {
        server.note { $0.bodyBytes += data.count + buffer.count }
        return false
      }
      let content = line.reversed().drop { $0 == 0x0D || $0 == 0x0A }
      if content.count == 1, content.first == 0x2E {
        let received = ReceivedMessage(mail: mail, recipients: recipients, data: data, dotAt: Date())
        server.note {
          $0.bodyBytes += data.count
          $0.messages.append(received)
        }
        return answer(.dot, "250 2.0.0 queued as C\(connection)M\(message)")
      }
      data += line
    }
  }

  private func action(_ step: MischiefStep) -> MischiefAction {
    mischief.action(step, Mischief.Moment(connection: connection, message: message))
  }

  /// - Returns: whether the connection goes on.
  private mutating func answer(_ step: MischiefStep, _ usual: String) -> Bool {
    switch action(step) {
    case .normal: return write(usual + "\r\n")
    case .reply(let text): return write(text + "\r\n")
    case .raw(let bytes): return write(bytes)
    case .replyAndDrop(let text):
      _ = write(text + "\r\n")
      shutdown(peer, Int32(SHUT_WR))
      while fill() {}
      return false
    case .drop: return false
    case .stall:
      // POLLRDHUP: the client, or stopping, has closed.
      var slot = pollfd(fd: peer, events: 0x2000, revents: 0)
      while poll(&slot, 1, -1) < 0, errno == EINTR {}
      return false
    case .endless:
      while write("250-and on\r\n") {}
      return false
    case .slow(let text, let milliseconds):
      for byte in Array((text + "\r\n").utf8) {
        guard write([byte]) else { return false }
        usleep(milliseconds * 1_000)
      }
      return true
    }
  }

  private mutating func nextLine(keepingEnd: Bool = false) -> [UInt8]? {
    while true {
      if let end = endOfLine() {
        let line = Array(buffer[..<end])
        buffer.removeSubrange(..<end)
        return keepingEnd ? line : Array(line.reversed().drop { $0 == 0x0D || $0 == 0x0A }.reversed())
      }
      guard fill() else { return nil }
    }
  }

  /// The position after the first line end.
  private func endOfLine() -> Int? {
    for index in buffer.indices {
      let isLF = buffer[index] == 0x0A
      if isLF, mischief.isSloppy || (index > 0 && buffer[index - 1] == 0x0D) { return index + 1 }
      if mischief.isSloppy, buffer[index] == 0x0D, index + 1 < buffer.count {
        return buffer[index + 1] == 0x0A ? index + 2 : index + 1
      }
    }
    return nil
  }

  private mutating func fill() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = recv(peer, &chunk, chunk.count, 0)
    guard count > 0 else { return false }
    buffer += chunk[..<count]
    server.note { $0.bytes += chunk[..<count] }
    return true
  }

  private func write(_ text: String) -> Bool { write(Array(text.utf8)) }

  private func write(_ bytes: [UInt8]) -> Bool { LoopbackSocket.write(bytes, to: peer) }
}
