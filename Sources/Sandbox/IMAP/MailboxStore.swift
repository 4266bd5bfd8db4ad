internal import MailFormats
internal import MailModel
internal import Synchronization

/// One mail in a mailbox.
struct StoredMail: Sendable {
  var uid: UInt32
  /// System flags as `\Seen`, keywords as given.
  var flags: Set<String>
  var arrivedAt: Timestamp
  var bytes: [UInt8]

  /// `21-Nov-1997 09:55:06 +0000` (RFC 3501, `date-time`).
  var internalDate: String {
    let clock = MailDate.format(arrivedAt).split(separator: " ").suffix(2).joined(separator: " ")
    return "\(MailDate.day(arrivedAt)) \(clock)"
  }
}

/// One mailbox of one user, mails by ascending UID.
struct StoredMailbox: Sendable {
  var uidValidity: UInt32
  var uidNext: UInt32 = 1
  var mails: [StoredMail] = []
  private(set) var size = 0

  init(uidValidity: UInt32) { self.uidValidity = uidValidity }

  /// Appends and lets the oldest go beyond `limit` bytes. Returns the UID.
  mutating func append(_ bytes: [UInt8], flags: Set<String> = [], at now: Timestamp, limit: Int) -> UInt32 {
    let uid = uidNext
    uidNext &+= 1
    mails.append(StoredMail(uid: uid, flags: flags, arrivedAt: now, bytes: bytes))
    size += bytes.count
    var excess = 0
    while size > limit, excess < mails.count - 1 {
      size -= mails[excess].bytes.count
      excess += 1
    }
    mails.removeFirst(excess)
    return uid
  }

  /// Removes what carries `\Deleted` and lies in `uids` (`nil`: everywhere).
  mutating func expunge(uids: IMAPNumberSet? = nil) {
    mails.removeAll { $0.flags.contains("\\Deleted") && uids?.contains($0.uid, largest: uidNext &- 1) ?? true }
    size = mails.reduce(0) { $0 + $1.bytes.count }
  }

  /// New UIDVALIDITY, UIDs from 1 in the same order: what a rebuilt mailbox looks like (fault 25).
  mutating func rebuild() {
    uidValidity &+= 1
    for index in mails.indices { mails[index].uid = UInt32(clamping: index + 1) }
    uidNext = UInt32(clamping: mails.count + 1)
  }

  /// By binary search.
  func index(of uid: UInt32) -> Int? {
    var low = 0
    var high = mails.count
    while low < high {
      let middle = (low + high) / 2
      if mails[middle].uid < uid { low = middle + 1 } else { high = middle }
    }
    return low < mails.count && mails[low].uid == uid ? low : nil
  }
}

/// All mailboxes of all users, shared by the relay that fills and the IMAP sessions that read.
final class MailboxStore: Sendable {
  private struct State {
    var users: [String: [String: StoredMailbox]] = [:]
    var watchers: [Int: @Sendable () -> Void] = [:]
    var lastWatcher = 0
  }

  private let state = Mutex(State())
  private let desk: RelayDesk
  /// Differs from one start to the next, as the mails are gone with the process.
  private let firstUIDValidity: UInt32

  init(desk: RelayDesk, startedAt: Timestamp) {
    self.desk = desk
    firstUIDValidity = UInt32(truncatingIfNeeded: startedAt.microseconds / 100_000) & 0x3FFF_FFFF | 1
  }

  /// The user whose mailbox takes mail for `address`: itself without `+tag`, else the first user.
  func user(for address: String) -> String {
    let logins = desk.settings.imapLogins
    let plain = address.withoutTag.lowercased()
    return (logins.first { $0.user.lowercased() == plain } ?? logins.first ?? .reports).user
  }

  /// Puts `bytes` into the INBOX that takes mail for `address`. Returns the UID.
  @discardableResult
  func deliver(_ bytes: [UInt8], for address: String) -> UInt32 {
    append(bytes, user: user(for: address), mailbox: "INBOX", flags: []) ?? 0
  }

  /// - Returns: the UID; `nil` when there is no such mailbox.
  func append(_ bytes: [UInt8], user: String, mailbox: String, flags: Set<String>) -> UInt32? {
    let limit = desk.settings.mailboxBytes
    let uid = change(user, mailbox) { $0.append(bytes, flags: flags, at: .now, limit: limit) }
    notify()
    return uid
  }

  /// Reads or changes one mailbox under the lock; `nil` when it does not exist. INBOX always exists.
  func change<Result>(_ user: String, _ name: String, _ body: (inout StoredMailbox) -> Result) -> Result? {
    let name = Self.canonical(name)
    return state.withLock { state in
      if name == "INBOX", state.users[user]?[name] == nil { state.users[user, default: [:]][name] = fresh() }
      guard state.users[user]?[name] != nil else { return nil }
      return body(&state.users[user, default: [:]][name, default: fresh()])
    }
  }

  /// - Returns: whether it was new.
  func create(_ user: String, _ name: String) -> Bool {
    let name = Self.canonical(name)
    return state.withLock { state in
      guard name != "INBOX", state.users[user]?[name] == nil, (state.users[user]?.count ?? 0) < 100 else {
        return false
      }
      state.users[user, default: [:]][name] = fresh()
      return true
    }
  }

  func names(_ user: String) -> [String] {
    state.withLock { Set(($0.users[user] ?? [:]).keys).union(["INBOX"]).sorted() }
  }

  /// Calls `body` after every change until `unwatch`.
  func watch(_ body: @escaping @Sendable () -> Void) -> Int {
    state.withLock { state in
      state.lastWatcher += 1
      state.watchers[state.lastWatcher] = body
      return state.lastWatcher
    }
  }

  func unwatch(_ id: Int) { state.withLock { _ = $0.watchers.removeValue(forKey: id) } }

  func notify() {
    for watcher in state.withLock({ Array($0.watchers.values) }) { watcher() }
  }

  private func fresh() -> StoredMailbox { StoredMailbox(uidValidity: firstUIDValidity) }

  private static func canonical(_ name: String) -> String { name.uppercased() == "INBOX" ? "INBOX" : name }
}
