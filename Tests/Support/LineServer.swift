import Foundation
import Glibc
import Synchronization

/// A server on a loopback port that says what a closure tells it to, line by line. For protocols without a server of
/// their own here.
public final class LineServer: Sendable {
  public let port: Int
  private let listener: Int32
  private let lines = Mutex<[String]>([])
  private let ended = Mutex<Int>(0)

  /// - Parameters:
  ///   - greeting: said to every new connection.
  ///   - answer: what to say to a line, which comes without its CRLF; `nil` closes the connection.
  public init(greeting: String, answer: @escaping @Sendable (String) -> String?) throws {
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

  private func serve(_ peer: Int32, _ greeting: String, _ answer: (String) -> String?) {
    defer { ended.withLock { $0 += 1 } }
    var buffer: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    guard LoopbackSocket.write(Array(greeting.utf8), to: peer) else { return }
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
