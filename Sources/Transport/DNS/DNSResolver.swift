import Foundation
import Glibc
import MailFormats
public import MailModel

/// Asks recursive name servers for MX records, many at once over one datagram socket, over TCP what does not fit.
///
/// Of no server anything is believed but the answer to a question that was asked of it, on the socket it was asked from.
public struct DNSResolver: Sendable {
  /// How long a failure is kept.
  static let failureLifetime = Span.minutes(10)
  /// Bytes of a datagram that are read.
  private static let largestDatagram = 4_096

  let servers: [Endpoint]
  let timeout: Span

  /// - Parameters:
  ///   - servers: addresses, not names; asked in this order until one answers.
  ///   - timeout: for all answers of one server together, and for each question over TCP.
  public init(servers: [Endpoint], timeout: Span = .seconds(2)) {
    self.servers = servers
    self.timeout = timeout
  }

  /// The name servers of this system, as they are now.
  public static func systemServers(path: String = "/etc/resolv.conf") -> [Endpoint] {
    let text = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    return ResolverFile.servers(text).map { Endpoint(host: $0, port: 53) }
  }

  /// What is known of one batch of questions.
  private struct Batch {
    var open: [UInt16: DNSQuestion] = [:]
    var truncated: [DNSQuestion] = []
    var findings: [String: ExchangerFinding] = [:]
    var reason = "no name server answered"
  }

  /// Blocking: at most twice the timeout for each server, and the timeout for each answer that needs TCP.
  public func exchangers(of domains: [String], isCancelled: () -> Bool = { false }) -> [String: ExchangerFinding] {
    var batch = Batch()
    var names: [String: String] = [:]
    for domain in domains {
      do throws(DNSError) {
        let question = try DNSQuestion(id: DNSResolver.freshID(batch.open), domain: domain)
        batch.open[question.id] = question
        names[question.domain] = domain
      } catch { batch.findings[domain] = DNSResolver.failed(error.description) }
    }
    // A datagram may get lost: every server is asked twice before it is given up.
    for server in servers + servers where !batch.open.isEmpty && !isCancelled() {
      askAll(&batch, server, isCancelled)
      for question in batch.truncated where !isCancelled() { askOverTCP(question, &batch, server, isCancelled) }
      batch.truncated = []
    }
    if !isCancelled() {
      for question in batch.open.values { batch.findings[question.domain] = DNSResolver.failed(batch.reason) }
    }
    return Dictionary(
      batch.findings.map { (names[$0.key] ?? $0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  private static func freshID(_ taken: [UInt16: DNSQuestion]) -> UInt16 {
    var id = UInt16.random(in: .min ... .max)
    while taken[id] != nil { id &+= 1 }
    return id
  }

  private static func failed(_ reason: String) -> ExchangerFinding {
    ExchangerFinding(answer: .failed(reason: reason), lifetime: failureLifetime)
  }

  private func askAll(_ batch: inout Batch, _ server: Endpoint, _ isCancelled: () -> Bool) {
    guard let socket = DNSSocket(server, type: SOCK_DGRAM) else {
      batch.reason = "\(server) cannot be asked"
      return
    }
    let deadline = Monotonic.now + timeout
    for question in batch.open.values where !socket.send(question.bytes) {
      batch.reason = "\(server) does not take questions"
    }
    var awaited = Set(batch.open.keys)
    while !awaited.isEmpty, socket.wait(for: POLLIN, until: deadline, isCancelled: isCancelled) {
      // A refusal of the port comes as an error of the socket.
      guard let bytes = socket.receive(limit: DNSResolver.largestDatagram) else {
        batch.reason = "nothing answers at \(server)"
        return
      }
      guard bytes.count >= 2, let question = batch.open[UInt16(bytes[0]) << 8 | UInt16(bytes[1])] else { continue }
      if take(bytes, to: question, &batch, server) { awaited.remove(question.id) }
    }
    if !awaited.isEmpty { batch.reason = "\(server) did not answer in time" }
  }

  /// - Returns: whether it was this question's answer, good or bad.
  private func take(_ bytes: [UInt8], to question: DNSQuestion, _ batch: inout Batch, _ server: Endpoint) -> Bool {
    do throws(DNSError) {
      switch try DNSReply.read(bytes, to: question) {
      case .answer(let answer, let seconds):
        batch.findings[question.domain] = ExchangerFinding(answer: answer, lifetime: .seconds(Int64(seconds)))
        batch.open[question.id] = nil
      case .truncated: batch.truncated.append(question)
      case .refused(let code): batch.reason = "\(server) refused the question (code \(code))"
      }
      return true
    } catch {
      if error == .otherQuestion { return false }
      batch.reason = "\(server): \(error)"
      return true
    }
  }

  private func askOverTCP(
    _ question: DNSQuestion, _ batch: inout Batch, _ server: Endpoint, _ isCancelled: () -> Bool
  ) {
    let deadline = Monotonic.now + timeout
    let bytes = question.bytes
    batch.reason = "\(server) gave only a part of the answer"
    guard let socket = DNSSocket(server, type: SOCK_STREAM),
      socket.wait(for: POLLOUT, until: deadline, isCancelled: isCancelled),
      socket.send([UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)] + bytes)
    else { return }
    var received: [UInt8] = []
    var wanted = 2
    while received.count < wanted {
      guard socket.wait(for: POLLIN, until: deadline, isCancelled: isCancelled),
        let more = socket.receive(limit: wanted - received.count), !more.isEmpty
      else { return }
      received += more
      if wanted == 2, received.count == 2 { wanted = 2 + (Int(received[0]) << 8 | Int(received[1])) }
    }
    let answer = Array(received[2...])
    // An answer over TCP that claims to be cut as well is no answer.
    if case .truncated? = try? DNSReply.read(answer, to: question) { return }
    _ = take(answer, to: question, &batch, server)
  }
}
