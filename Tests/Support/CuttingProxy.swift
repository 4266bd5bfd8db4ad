import Foundation
import Glibc
import Synchronization

/// Stands between a client and a server on loopback and cuts the line instead of handing on a reply of the server: the
/// server has taken the message and the client will never know.
public final class CuttingProxy: Sendable {
  public let port: Int
  private let listener: Int32
  private let cuts = Mutex<Int>(0)

  /// - Parameters:
  ///   - target: the port that is forwarded to.
  ///   - phrase: the reply that is not handed on.
  public init(target: Int, before phrase: String) throws {
    listener = try LoopbackSocket.listen(port: 0)
    port = try LoopbackSocket.port(of: listener)
    LoopbackSocket.accept(on: listener, for: self) { proxy, client in
      guard let server = try? LoopbackSocket.connect(port: target) else {
        _ = close(client)
        return
      }
      Thread.detachNewThread { proxy.forward(client, server, cutBefore: phrase) }
    }
  }

  deinit { stop() }

  public func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  /// How often a line was cut.
  public var count: Int { cuts.withLock { $0 } }

  private func forward(_ client: Int32, _ server: Int32, cutBefore phrase: String) {
    defer {
      close(client)
      close(server)
    }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      var polls = [
        pollfd(fd: client, events: Int16(POLLIN), revents: 0), pollfd(fd: server, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&polls, 2, -1) > 0 else { return }
      for (from, to) in [(0, server), (1, client)] where polls[from].revents != 0 {
        let count = recv(polls[from].fd, &buffer, buffer.count, 0)
        guard count > 0 else { return }
        if from == 1, String(decoding: buffer[..<count], as: UTF8.self).contains(phrase) {
          cuts.withLock { $0 += 1 }
          return
        }
        guard LoopbackSocket.write(Array(buffer[..<count]), to: to) else { return }
      }
    }
  }
}
