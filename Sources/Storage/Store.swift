import CSQLite
import Foundation
import GRDB
import GRDBSQLite
public import MailModel
import Synchronization

/// The workspace's database: durable, shared by processes, the only place where state lives.
///
/// SQLite in WAL mode with `synchronous=FULL`: a commit that returned survives power loss, but for those that say that they
/// do not (``WriteLoad/bulk``). One writer at a time, also across processes; readers see a snapshot and never wait for it.
public final class Store: Sendable {
  public let path: String
  let pool: DatabasePool
  /// The numbers of the database's file and its journal's when they were opened.
  private let opened: [UInt64?]
  private let foundDamage = Mutex<String?>(nil)
  /// Whether the folder is known to hold the journal's name (``sync()``).
  let isFolderSynced = Atomic<Bool>(false)

  /// Opens the database and brings its schema up to date.
  ///
  /// - Parameters:
  ///   - create: makes a new file when there is none.
  ///   - busyTimeout: how long to wait for another process's lock.
  /// - Throws: `StoreError`: `.missing`, `.unsafeFile`, `.newerSchema`, `.damaged`, `.busy`, `.io`.
  public init(path: String, create: Bool = false, busyTimeout: Span = .seconds(5)) throws {
    self.path = path
    _ = SyncFailure.listening
    _ = Store.isLibrarySetUp
    try StoreFile.check(path, mayCreate: create)
    do { pool = try Store.openPool(path, busyTimeout) } catch { throw StoreError(error, path: path) }
    opened = Store.files(path).map(StoreFile.number)
  }

  private static func openPool(_ path: String, _ busyTimeout: Span) throws -> DatabasePool {
    let pool = try DatabasePool(path: path, configuration: configuration(busyTimeout))
    do {
      try pool.writeWithoutTransaction { db in
        // The pool sets NORMAL after preparing the connection, so FULL has to be set once it is open.
        try db.execute(sql: "PRAGMA synchronous = FULL")
      }
      try migrate(pool, path: path)
      return pool
    } catch {
      if SyncFailure.first != nil { abandon(pool) }
      throw error
    }
  }

  private static func files(_ path: String) -> [String] { [path, path + "-wal"] }

  /// What happened to the open files, which others no longer find under their names (fault 8); `nil` when nothing did.
  public var fileProblem: String? {
    let lost = zip(Store.files(path), opened).first { $1 != nil && StoreFile.number(of: $0) != $1 }
    return lost.map { "\($0.0) was removed or replaced" }
  }

  /// Only before the process opens its first database.
  private static let isLibrarySetUp: Void = csqlite_stop_counting_memory()

  private static func configuration(_ busyTimeout: Span) -> Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(busyTimeout.inSeconds)
    configuration.label = "postroom"
    configuration.maximumReaderCount = 8
    configuration.prepareDatabase { db in
      // A connection that could not map the WAL's index (no free descriptor) deletes the WAL when it is closed, and every
      // commit that is only in there with it. Kept, it costs a few megabytes.
      var keeps: CInt = 1
      sqlite3_file_control(db.sqliteConnection, nil, SQLITE_FCNTL_PERSIST_WAL, &keeps)
      // The page size of a new file: of ordinary mails, three fit into such a page, and only one into half of it.
      try db.execute(
        sql: """
          PRAGMA page_size = 8192; PRAGMA foreign_keys = ON; PRAGMA cache_size = \(WriteLoad.cache.usual);
          PRAGMA wal_autocheckpoint = \(WriteLoad.journal.usual); PRAGMA trusted_schema = OFF
          """)
    }
    return configuration
  }

  private static func migrate(_ pool: DatabasePool, path: String) throws {
    let migrator = Migrations.all()
    let applied = try pool.read { db in try migrator.appliedIdentifiers(db) }
    let unknown = applied.subtracting(migrator.migrations)
    guard unknown.isEmpty else { throw StoreError.newerSchema(path: path, found: unknown.sorted().last ?? "") }
    guard applied.count < migrator.migrations.count else { return }
    // Met while the file was opened, where SQLite may go on without its journal.
    if let failure = SyncFailure.first { throw StoreError.syncFailed(failure) }
    try migrator.migrate(pool)
  }

  /// Runs `body` on a snapshot. - Throws: `StoreError`, and what `body` throws.
  public func read<Result>(_ body: (Transaction) throws -> Result) throws -> Result {
    do { return try snapshot { db in try body(Transaction(db: db)) } } catch { throw noted(error) }
  }

  /// As `DatabasePool.read`, but of a connection that was closed while it was waited for: SQLite refuses statements
  /// there, and dies where it is asked, as `read` asks it, whether it is in a transaction.
  private func snapshot<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try pool.unsafeRead { db in
      var result: Result?
      try db.inTransaction(.deferred) {
        result = try body(db)
        return .commit
      }
      guard let result else { throw StoreError.other("the transaction did not run") }
      return result
    }
  }

  /// Runs `body` as one transaction: all of it is durable when this returns, none of it when it throws. With
  /// ``WriteLoad/bulk`` it is durable once ``sync()`` has returned.
  ///
  /// - Throws: `StoreError`, and what `body` throws.
  public func write<Result>(as load: WriteLoad = .single, _ body: (Transaction) throws -> Result) throws -> Result {
    do {
      return try pool.writeWithoutTransaction { db in
        let load = hasAmpleRoom(for: load) ? load : .single
        defer { load.end(db) }
        try load.begin(db)
        var result: Result?
        try db.inTransaction {
          // Asked only now: the writer before may have met it while this one waited for its turn.
          if let syncFailure { throw StoreError.syncFailed(syncFailure) }
          result = try body(Transaction(db: db))
          return .commit
        }
        guard let result else { throw StoreError.other("the transaction did not run") }
        return result
      }
    } catch { throw noted(error) }
  }

  /// As an error of the store's own, and kept in mind when it is damage.
  private func noted(_ error: any Error) -> any Error {
    let error = StoreError.mapped(error, path: path)
    if case StoreError.damaged = error { foundDamage.withLock { $0 = $0 ?? "\(error)" } }
    return error
  }

  /// The first damage that was met through this value, with what to do about it. What is sound in the store proves
  /// nothing then, and no permit of it is to be trusted (fault 6).
  public var damage: String? { foundDamage.withLock { $0 } }

  private static let ampleRoom: UInt64 = 1 << 30

  /// Whether a journal of any length leaves room for everything else: on a full disk it could not even be copied back.
  private func hasAmpleRoom(for load: WriteLoad) -> Bool {
    var room = statvfs()
    guard load != .single, statvfs(path, &room) == 0 else { return false }
    // Some file systems say that they have no end.
    let (bytes, isMore) = UInt64(room.f_bavail).multipliedReportingOverflow(by: UInt64(room.f_frsize))
    return isMore || bytes >= Store.ampleRoom
  }

  /// Copies what commits have left in the journal into the database, on a connection of its own: neither readers nor the
  /// writer wait for it. - Throws: `StoreError`.
  public func copyJournal() throws {
    // Where the database was removed, opening it by its name would make an empty one.
    guard syncFailure == nil, fileProblem == nil else { return }
    do {
      let queue = try DatabaseQueue(path: path, configuration: Store.configuration(.seconds(1)))
      try queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA wal_checkpoint(PASSIVE)") }
      try queue.close()
    } catch { throw StoreError(error, path: path) }
  }

  /// The first fsync that failed in this process, in SQLite's words. From then on nothing is written any more: only a
  /// new process starts from what the disk really holds.
  public var syncFailure: String? { SyncFailure.first }

  deinit { if syncFailure != nil { Store.abandon(pool) } }

  /// Closing the last connection would copy the journal into the database and sync once more; what a process that
  /// ends leaves open is read again from the disk by the next one.
  private static func abandon(_ pool: DatabasePool) { _ = Unmanaged.passRetained(pool) }

  public func close() throws {
    guard syncFailure == nil else { return }
    do { try pool.close() } catch { throw StoreError(error, path: path) }
  }

  /// - Returns: what SQLite finds wrong, empty when the file is sound. Reads everything: slow on a large store.
  public func integrityCheck() throws -> [String] {
    do {
      let found = try snapshot { db in try String.fetchAll(db, sql: "PRAGMA integrity_check") }
      return found == ["ok"] ? [] : found
    } catch { throw StoreError(error, path: path) }
  }

  /// Calls back, on a thread of its own, soon after commits of this process and within half a second after those of others.
  public func watchChanges(_ changed: @escaping @Sendable () -> Void) throws -> ChangeWatch {
    do { return try ChangeWatch(store: self, changed: changed) } catch { throw StoreError(error, path: path) }
  }
}

/// One transaction: the named queries of every aggregate. Valid only inside the closure it was given to.
public struct Transaction {
  let db: Database

  public var messages: Messages { Messages(db: db) }
  public var attempts: Attempts { Attempts(db: db) }
  public var accounts: Accounts { Accounts(db: db) }
  public var recipients: Recipients { Recipients(db: db) }
  public var suppressions: Suppressions { Suppressions(db: db) }
  public var reports: Reports { Reports(db: db) }
  public var bouncePatterns: BouncePatterns { BouncePatterns(db: db) }
  public var messageEvents: MessageEvents { MessageEvents(db: db) }
  public var bounces: Bounces { Bounces(db: db) }
  public var complaints: Complaints { Complaints(db: db) }
  public var permit: Permit { Permit(db: db) }
  public var counters: Counters { Counters(db: db) }
  public var tallies: Tallies { Tallies(db: db) }
  public var destinations: Destinations { Destinations(db: db) }
  public var latencies: Latencies { Latencies(db: db) }
  public var deliveryReasons: DeliveryReasons { DeliveryReasons(db: db) }
  public var audit: Audit { Audit(db: db) }
  public var checklists: Checklists { Checklists(db: db) }
  public var relays: Relays { Relays(db: db) }
  public var inboxes: Inboxes { Inboxes(db: db) }
  public var mailboxes: Mailboxes { Mailboxes(db: db) }
  public var unreadableMails: UnreadableMails { UnreadableMails(db: db) }
  public var exchangers: Exchangers { Exchangers(db: db) }
  public var throttles: Throttles { Throttles(db: db) }
  public var mark: Mark { Mark(db: db) }
  public var approvals: Approvals { Approvals(db: db) }
  public var notices: Notices { Notices(db: db) }
  public var breakGlasses: BreakGlasses { BreakGlasses(db: db) }
  public var cases: Cases { Cases(db: db) }
  public var standingAlerts: StandingAlerts { StandingAlerts(db: db) }
  public var followUps: FollowUps { FollowUps(db: db) }
  public var messageTraces: MessageTraces { MessageTraces(db: db) }
  public var replyQueue: ReplyQueue { ReplyQueue(db: db) }
  public var relayQueue: RelayQueue { RelayQueue(db: db) }
  public var clockMarks: ClockMarks { ClockMarks(db: db) }
  public var runs: EngineRuns { EngineRuns(db: db) }
  public var restrictionAudits: RestrictionAudits { RestrictionAudits(db: db) }
}
