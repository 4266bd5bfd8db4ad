import Foundation
import Glibc
import Synchronization

/// A name server on a loopback port, over UDP and TCP, that says what a closure tells it to.
public final class NameServer: Sendable {
  public let port: Int
  private let datagrams: Int32
  private let listener: Int32
  private let asked = Mutex<[String]>([])

  /// - Parameter answer: the messages to send back for a question, given as its bytes, its domain and whether it came over
  ///   TCP; several to one over UDP only.
  public init(answer: @escaping @Sendable ([UInt8], String, Bool) -> [[UInt8]]) throws {
    listener = try LoopbackSocket.listen(port: 0)
    port = try LoopbackSocket.port(of: listener)
    datagrams = try LoopbackSocket.datagrams(port: port)
    let datagrams = datagrams
    Thread.detachNewThread { [weak self] in
      var buffer = [UInt8](repeating: 0, count: 4_096)
      while true {
        var peer = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let count = withUnsafeMutablePointer(to: &peer) { pointer in
          pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            recvfrom(datagrams, &buffer, buffer.count, 0, $0, &length)
          }
        }
        // Left open: stopping once more would shut down whatever has its number by then.
        guard count > 0, let server = self else { return }
        let question = Array(buffer[..<count])
        for reply in answer(question, server.note(question), false) {
          _ = withUnsafePointer(to: &peer) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
              sendto(datagrams, reply, reply.count, 0, $0, length)
            }
          }
        }
      }
    }
    LoopbackSocket.accept(on: listener, for: self) { server, peer in
      server.serve(peer, answer)
      close(peer)
    }
  }

  deinit { stop() }

  public func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    shutdown(datagrams, Int32(SHUT_RDWR))
  }

  /// The domains that were asked for, in order.
  public var questions: [String] { asked.withLock { $0 } }

  private func serve(_ peer: Int32, _ answer: ([UInt8], String, Bool) -> [[UInt8]]) {
    var buffer = [UInt8](repeating: 0, count: 1_024)
    let count = recv(peer, &buffer, buffer.count, 0)
    guard count > 14 else { return }
    let question = Array(buffer[2..<count])
    for reply in answer(question, note(question), true) {
      let bytes = [UInt8(reply.count >> 8), UInt8(reply.count & 0xFF)] + reply
      send(peer, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
  }

  private func note(_ question: [UInt8]) -> String {
    let domain = NameServer.domain(of: question)
    asked.withLock { $0.append(domain) }
    return domain
  }

  private static func domain(of question: [UInt8]) -> String {
    var (labels, position): ([String], Int) = ([], 12)
    while position < question.count, question[position] != 0 {
      let end = min(position + 1 + Int(question[position]), question.count)
      labels.append(String(decoding: question[(position + 1)..<end], as: UTF8.self))
      position = end
    }
    return labels.joined(separator: ".")
  }

  /// A reply with these MX records to the question; as cut off when asked for.
  public static func reply(
    to question: [UInt8], code: UInt8 = 0, isTruncated: Bool = false,
    exchangers: [(preference: UInt16, host: String)] = []
  ) -> [UInt8] {
    var bytes = question
    bytes[2] = isTruncated ? 0x83 : 0x81
    bytes[3] = 0x80 | code
    (bytes[6], bytes[7]) = (UInt8(exchangers.count >> 8), UInt8(exchangers.count & 0xFF))
    for (preference, host) in exchangers {
      var name: [UInt8] = []
      for label in host.split(separator: ".") { name += [UInt8(label.utf8.count)] + Array(label.utf8) }
      name.append(0)
      bytes += [0xC0, 12, 0, 15, 0, 1, 0, 0, 2, 88, UInt8((name.count + 2) >> 8), UInt8((name.count + 2) & 0xFF)]
      bytes += [UInt8(preference >> 8), UInt8(preference & 0xFF)] + name
    }
    return bytes
  }
}
