import Foundation
import Glibc
import Synchronization

/// A server on a loopback port that says what a closure tells it to, line by line. For protocols without a server of
/// their own here.
public final class LineServer: Sendable {
  public let port: Int
  private let listener: Int32
  private let chatter: String
  private let lines = Mutex<[String]>([])
  private let ended = Mutex<Int>(0)

  /// - Parameters:
  ///   - greeting: said to every new connection.
  ///   - chatter: said again and again, whatever else is said, as long as a connection lasts.
  ///   - answer: what to say to a line, which comes without its CRLF; `nil` closes the connection.
  public init(greeting: String, chatter: String = "", answer: @escaping @Sendable (String) -> String?) throws {
    self.chatter = chatter
    listener = try LoopbackSocket.listen(port: 0)
    port = try LoopbackSocket.port(of: listener)
    LoopbackSocket.accept(on: listener, for: self) { server, peer in
      Thread.detachNewThread {
        server.serve(peer, greeting, answer)
        close(peer)
      }
    }
  }

  deinit { stop() }

  public func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  /// Every line received, of all connections.
  public var received: [String] { lines.withLock { $0 } }

  /// How many connections have ended.
  public var endedConnections: Int { ended.withLock { $0 } }

  /// - Returns: ends it, and waits for that: the descriptor may be another's afterwards.
  private func chat(with peer: Int32) -> () -> Void {
    guard !chatter.isEmpty else { return {} }
    let (isOver, hasEnded) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let line = Array(chatter.utf8)
    Thread.detachNewThread {
      while isOver.wait(timeout: .now() + .milliseconds(5)) == .timedOut, LoopbackSocket.write(line, to: peer) {}
      hasEnded.signal()
    }
    return {
      isOver.signal()
      shutdown(peer, Int32(SHUT_RDWR))
      hasEnded.wait()
    }
  }

  private func serve(_ peer: Int32, _ greeting: String, _ answer: (String) -> String?) {
    defer { ended.withLock { $0 += 1 } }
    var buffer: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    guard LoopbackSocket.write(Array(greeting.utf8), to: peer) else { return }
    let endChat = chat(with: peer)
    defer { endChat() }
    while true {
      while let end = buffer.firstIndex(of: 0x0A) {
        let line = String(decoding: buffer[..<end].filter { $0 != 0x0D }, as: UTF8.self)
        buffer.removeSubrange(...end)
        lines.withLock { $0.append(line) }
        guard let reply = answer(line), LoopbackSocket.write(Array(reply.utf8), to: peer) else { return }
      }
      let count = recv(peer, &chunk, chunk.count, 0)
      guard count > 0 else { return }
      buffer += chunk[..<count]
    }
  }
}
