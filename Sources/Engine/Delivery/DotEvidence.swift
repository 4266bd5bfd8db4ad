import Foundation
import MailModel
import Storage

/// What dead engines' journals say about the final dots of their armed messages. A living engine's journal says nothing: it
/// may begin a dot at any moment, and only the end of its process, which frees the journal's lock, rules that out.
final class DotEvidence {
  enum Finding: Sendable, Equatable {
    /// There is no journal to believe, it does not reach back so far, or its engine lives: nobody knows.
    case unknown
    case noDot
    /// Begun, and no reply on record.
    case dot
    case replied(ServerReply, renderedAt: Timestamp?, armedAt: Timestamp?, repliedAt: Timestamp?)
  }

  private struct Journal {
    var entries: [Lease: DotEntry.Read] = [:]
    /// What was armed before this moment may have been overwritten.
    var reachesBackTo: Timestamp?
  }

  private let folder: URL
  private var journals: [String: Journal?] = [:]

  init(folder: URL) { self.folder = folder }

  func finding(_ lease: Lease, owner: String, armedAt: Timestamp) -> Finding {
    if journals[owner] == nil { journals[owner] = .some(read(owner: owner)) }
    guard let journal = journals[owner] ?? nil else { return .unknown }
    guard let entry = journal.entries[lease] else {
      if let limit = journal.reachesBackTo, armedAt <= limit { return .unknown }
      return .noDot
    }
    switch entry.conclusion {
    case nil: return .dot
    case .notSent: return .noDot
    case .replied(let reply, let rendered, let armed, let replied):
      return .replied(reply, renderedAt: rendered, armedAt: armed, repliedAt: replied)
    }
  }

  private func read(owner: String) -> Journal? {
    let descriptor = open(folder.appending(path: DotEntry.fileName(owner: owner)).path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    guard flock(descriptor, LOCK_SH | LOCK_NB) == 0, let header = DotEntry.header(owner: owner, descriptor: descriptor),
      let bytes = try? file.readToEnd(), bytes.starts(with: header),
      bytes.count == DotEntry.headerSize + DotJournal.capacity * DotEntry.size
    else { return nil }
    return [UInt8](bytes).withUnsafeBytes { raw in raw.baseAddress.map(Self.journal) }
  }

  private static func journal(_ base: UnsafeRawPointer) -> Journal {
    var journal = Journal()
    var isFull = true
    for number in 0..<DotJournal.capacity {
      guard let entry = DotEntry.read(base + DotEntry.headerSize + number * DotEntry.size) else {
        isFull = false
        continue
      }
      journal.entries[entry.lease] = entry
    }
    // One entry per process may be cut short; a ring that lacks but a few has been around once.
    if isFull || journal.entries.count > DotJournal.capacity / 2 {
      journal.reachesBackTo = journal.entries.values.map(\.begunAt).min()
    }
    return journal
  }

  /// Removes journals of engines that are gone and have nothing armed any more.
  static func tidy(folder: URL, owners: Set<String>) {
    let needed = Set(owners.map(DotEntry.fileName))
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for name in names where name.hasSuffix(".dots") && !needed.contains(name) {
      let path = folder.appending(path: name).path
      let descriptor = open(path, O_RDWR | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      // A living engine holds its journal's lock.
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
    }
  }
}
