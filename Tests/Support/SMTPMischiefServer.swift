import Foundation
import Glibc
import Synchronization

/// A scripted SMTP server on a loopback port that records everything and misbehaves on request.
public final class SMTPMischiefServer: Sendable {
  /// What happened so far.
  public struct Record: Sendable {
    public var connections = 0
    /// Connections that have ended.
    public var ended = 0
    /// Every message whose final dot arrived, whatever was answered.
    public var messages: [ReceivedMessage] = []
    /// Every byte from clients, in the order of arrival.
    public var bytes: [UInt8] = []
    public var bodyBytes = 0

    public var transcript: String { String(decoding: bytes, as: UTF8.self) }
  }

  public let port: Int
  private let listener: Int32
  private let mischief: Mischief
  private let state = Mutex(Record())
  private let open = Mutex<Set<Int32>>([])

  public init(_ mischief: Mischief = Mischief()) throws {
    self.mischief = mischief
    listener = try LoopbackSocket.listen(port: 0)
    port = try LoopbackSocket.port(of: listener)
    LoopbackSocket.accept(on: listener, for: self) { server, peer in server.serve(peer) }
  }

  deinit { stop() }

  public var record: Record { state.withLock { $0 } }

  /// Ends every connection and takes no further one.
  public func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    // Under the lock: the number of a connection that has ended may be another test's by now.
    open.withLock { for peer in $0 { shutdown(peer, Int32(SHUT_RDWR)) } }
  }

  /// Waits until what was recorded fulfils `condition`.
  public func wait(seconds: Double = 60, until condition: (Record) -> Bool) -> Bool {
    TestEnvironment.wait(seconds: seconds) { condition(record) }
  }

  private func serve(_ peer: Int32) {
    let number = state.withLock { record in
      record.connections += 1
      return record.connections
    }
    _ = open.withLock { $0.insert(peer) }
    // Held only as long as a connection lasts, so that stopping by deinit works.
    Thread.detachNewThread { [self] in
      var session = MischiefSession(server: self, mischief: mischief, peer: peer, connection: number)
      session.run()
      _ = open.withLock { $0.remove(peer) }
      close(peer)
      note { $0.ended += 1 }
    }
  }

  func note(_ change: (inout Record) -> Void) { state.withLock { change(&$0) } }
}
