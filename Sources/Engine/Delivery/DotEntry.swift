import Foundation
import MailModel
import Storage

/// What is known of a final dot after it was begun.
enum DotConclusion: Sendable, Equatable {
  case notSent
  case replied(ServerReply, renderedAt: Timestamp?, armedAt: Timestamp?, repliedAt: Timestamp?)
}

/// One entry of a `DotJournal`: 256 bytes with a check value for the dot and another for its conclusion, so that an entry
/// cut short by the end of the process never says more than was finished.
enum DotEntry {
  static let headerSize = 4096
  static let size = 256
  private static let magic = "postroom final dots 1"

  /// Offsets of the fields.
  private enum At {
    static let id = 0, epoch = 8, begunAt = 16, begun = 24, concluded = 32, code = 40, length = 44
    static let times = 48, status = 72, text = 80
  }
  private static let textRoom = size - At.text

  struct Read: Equatable {
    var lease: Lease
    var begunAt: Timestamp
    /// `nil` when none was finished.
    var conclusion: DotConclusion?
  }

  static func fileName(owner: String) -> String {
    String(owner.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }) + ".dots"
  }

  /// The start of a file: this start of the machine and the file's own number, so that neither a journal from before a
  /// loss of power nor a copy is ever believed.
  static func header(owner: String, descriptor: Int32) -> [UInt8]? {
    var facts = stat()
    let boot = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
    guard let boot, !boot.isEmpty, fstat(descriptor, &facts) == 0 else { return nil }
    let text = "\(magic)\n\(boot)\n\(facts.st_dev) \(facts.st_ino)\n\(owner)\n"
    return text.utf8.count <= headerSize ? Array(text.utf8) : nil
  }

  static func begin(_ lease: Lease, now: Timestamp, at entry: UnsafeMutableRawPointer) {
    // The old check values go first and the new one comes last: no end of the process pairs old and new.
    entry.storeBytes(of: 0, toByteOffset: At.begun, as: UInt64.self)
    entry.storeBytes(of: 0, toByteOffset: At.concluded, as: UInt64.self)
    entry.storeBytes(of: lease.id, toByteOffset: At.id, as: Int64.self)
    entry.storeBytes(of: lease.epoch, toByteOffset: At.epoch, as: Int64.self)
    entry.storeBytes(of: now.microseconds, toByteOffset: At.begunAt, as: Int64.self)
    entry.storeBytes(of: check(UnsafeRawPointer(entry), 0..<At.begun, seed: 1), toByteOffset: At.begun, as: UInt64.self)
  }

  static func conclude(_ conclusion: DotConclusion, at entry: UnsafeMutableRawPointer) {
    var code = Int32(0)
    var times: [Timestamp?] = [nil, nil, nil]
    var text: [UInt8] = []
    var status: [Int] = [0, 0, 0]
    if case .replied(let reply, let rendered, let armed, let replied) = conclusion {
      code = Int32(reply.code)
      times = [rendered, armed, replied]
      text = cut(reply.text)
      if let known = reply.enhancedStatus { status = [known.statusClass, known.subject, known.detail] }
    }
    entry.storeBytes(of: code, toByteOffset: At.code, as: Int32.self)
    entry.storeBytes(of: UInt16(text.count), toByteOffset: At.length, as: UInt16.self)
    for (index, time) in times.enumerated() {
      entry.storeBytes(of: time?.microseconds ?? 0, toByteOffset: At.times + 8 * index, as: Int64.self)
    }
    for (index, part) in status.enumerated() {
      entry.storeBytes(of: UInt16(clamping: part), toByteOffset: At.status + 2 * index, as: UInt16.self)
    }
    text.withUnsafeBytes { bytes in
      if let start = bytes.baseAddress { (entry + At.text).copyMemory(from: start, byteCount: bytes.count) }
    }
    let sum = conclusionCheck(UnsafeRawPointer(entry), textCount: text.count)
    entry.storeBytes(of: sum, toByteOffset: At.concluded, as: UInt64.self)
  }

  /// The longest start of the text that fits and is whole.
  private static func cut(_ text: String) -> [UInt8] {
    guard text.utf8.count > textRoom else { return Array(text.utf8) }
    var text = Substring(text)
    while text.utf8.count > textRoom { text = text.dropLast(max(1, (text.utf8.count - textRoom) / 4)) }
    return Array(text.utf8)
  }

  /// - Returns: `nil` for an entry that was never begun or not begun in full.
  static func read(_ entry: UnsafeRawPointer) -> Read? {
    guard entry.load(fromByteOffset: At.begun, as: UInt64.self) == check(entry, 0..<At.begun, seed: 1) else {
      return nil
    }
    let lease = Lease(
      id: entry.load(fromByteOffset: At.id, as: Int64.self), epoch: entry.load(fromByteOffset: At.epoch, as: Int64.self)
    )
    let begunAt = Timestamp(microseconds: entry.load(fromByteOffset: At.begunAt, as: Int64.self))
    return Read(lease: lease, begunAt: begunAt, conclusion: conclusion(entry))
  }

  private static func conclusion(_ entry: UnsafeRawPointer) -> DotConclusion? {
    let count = Int(entry.load(fromByteOffset: At.length, as: UInt16.self))
    guard count <= textRoom,
      entry.load(fromByteOffset: At.concluded, as: UInt64.self) == conclusionCheck(entry, textCount: count)
    else { return nil }
    let code = Int(entry.load(fromByteOffset: At.code, as: Int32.self))
    guard code > 0 else { return .notSent }
    let status = (0..<3).map { Int(entry.load(fromByteOffset: At.status + 2 * $0, as: UInt16.self)) }
    let times = (0..<3).map { index -> Timestamp? in
      let value = entry.load(fromByteOffset: At.times + 8 * index, as: Int64.self)
      return value == 0 ? nil : Timestamp(microseconds: value)
    }
    let reply = ServerReply(
      code: code, enhancedStatus: status[0] == 0 ? nil : EnhancedStatus(status[0], status[1], status[2]),
      text: String(decoding: UnsafeRawBufferPointer(start: entry + At.text, count: count), as: UTF8.self))
    return .replied(reply, renderedAt: times[0], armedAt: times[1], repliedAt: times[2])
  }

  private static func conclusionCheck(_ entry: UnsafeRawPointer, textCount: Int) -> UInt64 {
    check(entry, At.code..<(At.text + textCount), seed: check(entry, 0..<At.begun, seed: 1))
  }

  /// FNV-1a; never 0, which stands for "nothing here".
  private static func check(_ entry: UnsafeRawPointer, _ range: Range<Int>, seed: UInt64) -> UInt64 {
    var sum: UInt64 = 0xcbf2_9ce4_8422_2325 ^ seed
    for offset in range { sum = (sum ^ UInt64(entry.load(fromByteOffset: offset, as: UInt8.self))) &* 0x100_0000_01b3 }
    return sum == 0 ? 1 : sum
  }
}
