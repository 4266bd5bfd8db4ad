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
  /// What is read back of a line: how far the file got.
  private struct Place: Decodable {
    var attempt: Int64
  }

  /// No store gets so far: a number beyond it was written by nobody's engine, and would leave none for the attempts to come.
  private static let mostAttempts: Int64 = 1 << 53

  /// In seconds.
  private static let patience = 1.0

  private let path: String
  private let store: Store
  private let log: Logger
  /// Why it could not be written the last time: what lasts is said once.
  private let failure = Mutex<String?>(nil)

  public init(path: String, store: Store, log: Logger) {
    self.path = path
    self.store = store
    self.log = log
  }

  /// Numbers the attempts to come on from the file's last line, before anything is sent.
  ///
  /// A store that was restored has forgotten its newest attempts. With their numbers given out once more the next ones would
  /// be missing from the file, and after the next restore nobody would know that their mail was taken.
  public func numberOn() {
    sayingFailure { try locked { try numberOn(from: lastAttempt($0)) } }
  }

  private func numberOn(from last: Int64) throws {
    guard try store.read({ try $0.mark.progress().attempts }) < last else { return }
    try store.write { try $0.attempts.numberOn(from: last) }
  }

  /// Appends what is missing. Blocking; called from a thread of its own.
  public func catchUp() {
    sayingFailure {
      try locked { descriptor in
        var last = try lastAttempt(descriptor)
        // What could not be done at the start is done as soon as it can be.
        try numberOn(from: last)
        while true {
          let attempts = try store.read { try $0.attempts.after(last, limit: 500) }
          guard !attempts.isEmpty else { return }
          var bytes: [UInt8] = []
          bytes.reserveCapacity(attempts.count * 512)
          for attempt in attempts { bytes += attempt.line }
          try write(bytes, descriptor)
          last = attempts.last?.attempt.id ?? last
        }
      }
    }
  }

  private func sayingFailure(_ body: () throws -> Void) {
    do {
      try body()
      failure.withLock { $0 = nil }
    } catch {
      let isNew = failure.withLock { failure in
        defer { failure = "\(error)" }
        return failure != "\(error)"
      }
      if isNew { log.error("send log not written", metadata: ["error": "\(error)"]) }
    }
  }

  /// With the file open, and no other process at it.
  private func locked(_ body: (Int32) throws -> Void) throws {
    let descriptor = PrivateFile.open(path, O_RDWR | O_CREAT | O_APPEND)
    guard descriptor >= 0 else { throw FileProblem(path: path, code: errno) }
    defer { close(descriptor) }
    try lock(descriptor)
    try body(descriptor)
  }

  /// Others write for milliseconds. Whoever is stopped or hangs in the middle of it must keep no engine from sending, and
  /// writes what is missing, or another does, once it is over.
  private func lock(_ descriptor: Int32) throws {
    let end = DispatchTime.now() + SendLog.patience
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else { throw FileProblem(path: path, code: errno) }
      guard DispatchTime.now() < end else { throw HeldElsewhere(path: path) }
      usleep(5_000)
    }
  }

  private struct HeldElsewhere: Error, CustomStringConvertible {
    var path: String
    var description: String { "\(path): another process keeps it locked; find it with 'fuser \(path)'" }
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
    let place = try? JSONDecoder().decode(Place.self, from: Data(tail[start..<end]))
    guard let place, (0..<SendLog.mostAttempts).contains(place.attempt) else {
      throw FileProblem(
        path: path, code: EINVAL,
        expected: "a last line that an engine wrote; move the file aside, and all of it is written anew")
    }
    return place.attempt
  }
}

extension Attempts.Logged {
  /// One line. Times in UTC, RFC 3339; names in the order of the alphabet.
  fileprivate var line: [UInt8] {
    var object = JSONLine.Object()
    object.add("account", account)
    object.add("armed_at", attempt.armedAt.map(Clockface.utc))
    object.add("attempt", attempt.id)
    object.add("enhanced_status", attempt.enhancedStatus?.description)
    object.add("message", attempt.messageID)
    object.add("message_id", messageID)
    object.add("outcome", attempt.outcome)
    object.add("recipient", recipient)
    object.add("relay", attempt.relay)
    object.add("rendered_at", attempt.renderedAt.map(Clockface.utc))
    object.add("replied_at", attempt.repliedAt.map(Clockface.utc))
    object.add("reply_code", attempt.replyCode.map(Int64.init))
    object.add("source", source)
    object.add("text", attempt.text)
    return object.ended() + [0x0A]
  }
}
