import Foundation
public import Logging
import MailModel
public import Storage
import Synchronization

/// `outbox/send_log.jsonl`: one line for every outcome, written from the attempts in the store.
///
/// The file itself tells how far it got (the last line's `attempt`), under a lock that all processes share. So every
/// attempt stands in it exactly once, also after a crash between the commit and the line.
public final class SendLog: Sendable {
  /// One line. Times in UTC, RFC 3339.
  struct Line: Codable {
    var attempt: Int64
    var message: Int64
    var messageID: String
    var recipient: String
    var account: String
    var source: String
    var outcome: String
    var relay: String
    var replyCode: Int?
    var enhancedStatus: String?
    var text: String
    var renderedAt: String?
    var armedAt: String?
    var repliedAt: String?

    enum CodingKeys: String, CodingKey {
      case attempt, message, recipient, account, source, outcome, relay, text
      case messageID = "message_id"
      case replyCode = "reply_code"
      case enhancedStatus = "enhanced_status"
      case renderedAt = "rendered_at"
      case armedAt = "armed_at"
      case repliedAt = "replied_at"
    }
  }

  private let path: String
  private let store: Store
  private let log: Logger

  public init(path: String, store: Store, log: Logger) {
    self.path = path
    self.store = store
    self.log = log
  }

  /// Appends what is missing. Blocking; called from a thread of its own.
  public func catchUp() {
    do { try append() } catch { log.error("send log not written", metadata: ["error": "\(error)"]) }
  }

  private func append() throws {
    let descriptor = PrivateFile.open(path, O_RDWR | O_CREAT | O_APPEND)
    guard descriptor >= 0 else { throw FileProblem(path: path, code: errno) }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX) == 0 else { throw FileProblem(path: path, code: errno) }
    var last = try lastAttempt(descriptor)
    while true {
      let attempts = try store.read { try $0.attempts.after(last, limit: 500) }
      guard !attempts.isEmpty else { return }
      var bytes: [UInt8] = []
      for attempt in attempts { bytes += Array((JSONLine.encode(Line(attempt)) + "\n").utf8) }
      try write(bytes, descriptor)
      last = attempts.last?.attempt.id ?? last
    }
  }

  private func write(_ bytes: [UInt8], _ descriptor: Int32) throws {
    var offset = 0
    while offset < bytes.count {
      let count = bytes[offset...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 || errno == EINTR else { throw FileProblem(path: path, code: errno) }
      offset += max(count, 0)
    }
  }

  /// The attempt of the last complete line; a line cut by a crash is removed first.
  private func lastAttempt(_ descriptor: Int32) throws -> Int64 {
    let size = lseek(descriptor, 0, SEEK_END)
    guard size > 0 else { return 0 }
    let length = min(size, 1 << 16)
    var tail = [UInt8](repeating: 0, count: Int(length))
    let count = tail.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, size - length) }
    guard count == tail.count else { throw FileProblem(path: path, code: errno) }
    guard let end = tail.lastIndex(of: 10) else {
      guard size == length, ftruncate(descriptor, 0) == 0 else { throw FileProblem(path: path, code: EFBIG) }
      return 0
    }
    if end + 1 < tail.count, ftruncate(descriptor, size - length + end + 1) != 0 {
      throw FileProblem(path: path, code: errno)
    }
    let start = tail[..<end].lastIndex(of: 10).map { $0 + 1 } ?? 0
    let line = try? JSONDecoder().decode(Line.self, from: Data(tail[start..<end]))
    guard let line else { throw FileProblem(path: path, code: EINVAL) }
    return line.attempt
  }
}

extension SendLog.Line {
  init(_ logged: Attempts.Logged) {
    let attempt = logged.attempt
    self.init(
      attempt: attempt.id, message: attempt.messageID, messageID: logged.messageID, recipient: logged.recipient,
      account: logged.account, source: logged.source, outcome: attempt.outcome, relay: attempt.relay,
      replyCode: attempt.replyCode, enhancedStatus: attempt.enhancedStatus?.description, text: attempt.text,
      renderedAt: attempt.renderedAt.map(Clockface.utc), armedAt: attempt.armedAt.map(Clockface.utc),
      repliedAt: attempt.repliedAt.map(Clockface.utc))
  }
}
