import Foundation
import MailModel
import Testing

@testable import Sandbox

/// A blocking TCP client of plain system calls: no library of the sandbox's takes part.
final class RawClient {
  private let socketDescriptor: Int32
  private var buffer: [UInt8] = []

  init(port: Int) throws {
    socketDescriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socketDescriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw Failure.connect(errno) }
  }

  deinit { close(socketDescriptor) }

  enum Failure: Error { case connect(Int32) }

  func send(_ text: String) {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Foundation.send(socketDescriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }

  /// One line without its end; `nil` at the end of the stream or after `seconds` of silence.
  func line(within seconds: Double = 10) -> String? {
    while true {
      if let end = buffer.firstIndex(of: 0x0A) {
        let line = String(decoding: buffer[..<end].filter { $0 != 0x0D }, as: UTF8.self)
        buffer.removeSubrange(...end)
        return line
      }
      guard fill(within: seconds) else { return nil }
    }
  }

  /// The last line of an SMTP reply.
  func reply() -> String? {
    while let line = line() {
      if line.dropFirst(3).first != "-" { return line }
    }
    return nil
  }

  /// Whether the other side closes without sending anything more.
  func isClosed(within seconds: Double = 10) -> Bool {
    buffer.isEmpty && !fill(within: seconds) && !timedOut
  }

  private(set) var timedOut = false

  private func fill(within seconds: Double) -> Bool {
    var waiting = pollfd(fd: socketDescriptor, events: Int16(POLLIN), revents: 0)
    timedOut = poll(&waiting, 1, Int32(seconds * 1000)) == 0
    guard !timedOut else { return false }
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = recv(socketDescriptor, &chunk, chunk.count, 0)
    guard count > 0 else { return false }
    buffer += chunk.prefix(count)
    return true
  }

  /// EHLO done, ready for MAIL.
  static func greeted(port: Int) throws -> RawClient {
    let client = try RawClient(port: port)
    _ = client.reply()
    client.send("EHLO client.invalid\r\n")
    _ = client.reply()
    return client
  }

  /// MAIL, RCPT and DATA in one write; the three replies.
  func open(to recipient: String, from sender: String = "bounces+tok3n@postroom.invalid") -> [String?] {
    send("MAIL FROM:<\(sender)>\r\nRCPT TO:<\(recipient)>\r\nDATA\r\n")
    return [reply(), reply(), reply()]
  }

  static func message(id: String, to recipient: String = "ok@demo.invalid") -> String {
    "From: News <news@postroom.invalid>\r\nTo: <\(recipient)>\r\nSubject: Hello\r\nMessage-ID: <\(id)>\r\n\r\nBody\r\n"
  }
}

/// Waits until `condition` holds, at most a minute, without keeping a thread busy.
func eventually(_ condition: @Sendable () -> Bool) async throws -> Bool {
  let deadline = ContinuousClock.now + .seconds(60)
  while ContinuousClock.now < deadline {
    if condition() { return true }
    try await Task.sleep(for: .milliseconds(2))
  }
  return condition()
}

/// A started sandbox whose reports come at once.
func quickSandbox(_ change: (inout SandboxSettings) -> Void = { _ in }) throws -> (Sandbox, smtp: Int, imap: Int) {
  var settings = SandboxSettings()
  settings.reportDelay = .milliseconds(0) ... .milliseconds(5)
  settings.slowDelay = .milliseconds(20)
  settings.greylistFor = .milliseconds(20)
  change(&settings)
  let sandbox = Sandbox(settings: settings)
  let ports = try sandbox.start()
  return (sandbox, ports.smtpPort, ports.imapPort)
}
