import GRDB

/// Why the store did not do something: what, where, and what to do. SQLite's own errors never pass this point.
public enum StoreError: Error, Sendable, Equatable, CustomStringConvertible {
  case missing(String)
  case unsafeFile(String)
  /// Made by a newer program.
  case newerSchema(path: String, found: String)
  case damaged(String)
  /// Another process holds the lock.
  case busy(String)
  /// The disk is full.
  case full(String)
  case io(String)
  /// An fsync failed: nobody knows what the disk holds, and this process writes nothing any more.
  case syncFailed(String)
  case readOnly(String)
  /// The permit row is missing or unreadable: nothing may be sent.
  case noPermit
  /// A guard of the schema refused the change.
  case refused(String)
  case other(String)

  public var description: String {
    switch self {
    case .missing(let path): "\(path): there is no store; make a workspace with 'postroom init DIR'"
    case .unsafeFile(let why): "\(why); move the store to a file of its own on a local disk"
    case .newerSchema(let path, let found):
      "\(path): made by a newer Postroom (schema '\(found)'); use that version"
    case .damaged(let what):
      "\(what): the store is damaged; nothing is sent. Stop all engines, keep a copy, restore the last backup, run 'postroom check'"
    case .busy(let path): "\(path): another process holds the database; try again, or find it with 'fuser \(path)'"
    case .full(let path): "\(path): the disk is full; nothing was changed. Make room, it goes on by itself"
    case .io(let what): "\(what): the disk or the system refused; nothing is sent meanwhile, it goes on by itself"
    case .syncFailed(let what):
      "the disk did not keep what was written (\(what)); the emergency stop is latched. Look into the disk, then start Postroom anew"
    case .readOnly(let path): "\(path): cannot be written; check its owner and mode"
    case .noPermit: "the send permit is missing or unreadable; nothing is sent. Write a new one with 'postroom reset'"
    case .refused(let why): "the store refused the change: \(why)"
    case .other(let what): what
    }
  }

  /// Errors of SQLite become `StoreError`; what is none of its own passes as it is.
  static func mapped(_ error: any Error, path: String) -> any Error {
    error is DatabaseError ? StoreError(error, path: path) : error
  }

  init(_ error: any Error, path: String) {
    if let own = error as? StoreError {
      self = own
      return
    }
    guard let error = error as? DatabaseError else {
      self = .other("\(path): \(error)")
      return
    }
    let words = "\(path): \(error.message ?? "error \(error.extendedResultCode.rawValue)")"
    self =
      switch error.resultCode {
      case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_FSYNC: .syncFailed(words)
      case .SQLITE_BUSY, .SQLITE_LOCKED: .busy(path)
      case .SQLITE_FULL: .full(path)
      case .SQLITE_IOERR, .SQLITE_CANTOPEN: .io(words)
      case .SQLITE_CORRUPT, .SQLITE_NOTADB: .damaged(words)
      case .SQLITE_READONLY: .readOnly(path)
      case .SQLITE_CONSTRAINT: .refused(error.message ?? "constraint")
      default: .other(words)
      }
  }
}
