import Foundation
import MailModel
import Storage

/// Notices that a workspace is not the one that last sent: a copy, a restored backup, an older database (fault 7). What
/// had been sent since would be sent again, so it starts latched and a person looks first (decision 4).
struct WorkspaceMark: Sendable {
  private let file: MarkFile
  private let databasePath: String

  init(_ workspace: Workspace) {
    file = MarkFile(path: workspace.markPath)
    databasePath = workspace.storePath
  }

  /// Compares both halves; on a difference latches the stop, then makes them agree again, so that a reset is enough.
  ///
  /// - Returns: why it latched, or `nil`.
  /// - Throws: `StoreError`, `FileProblem`: a mark that can be neither compared nor renewed, and nothing may be sent.
  @discardableResult
  func check(_ store: Store, latch: LatchFile, now: Timestamp) throws -> String? {
    guard try store.read({ try verdict($0) }) != .same else { return nil }
    return try store.write { transaction in
      // Looked at again under the write lock: another process may have been first.
      switch try verdict(transaction) {
      case .same: return nil
      case .new:
        try renew(transaction)
        return nil
      case .foreign(let why):
        let actor = Actor.program(databasePath)
        try latch.create(by: actor, reason: why, at: now)
        try StopRecord.write(actor, reason: why, at: now, in: transaction)
        try renew(transaction)
        try transaction.mark.passOverLostMessages(at: now)
        return why
      }
    }
  }

  /// Records how far the database has come; called now and then while an engine works.
  ///
  /// - Returns: why sending must stop: the database or its journal is another file than that which is open, or gone.
  /// - Throws: `StoreError`, `FileProblem`.
  func keep(_ store: Store) throws -> String? {
    guard let known = try file.read() else { return "\(file.path), the mark beside the database, was removed" }
    if let problem = store.fileProblem { return "\(problem) while an engine was at work" }
    let progress = try store.read { try $0.mark.progress() }
    if progress != known.progress { try file.advance(progress) }
    return nil
  }

  private enum Verdict: Equatable {
    case same
    /// There never was a mark.
    case new
    case foreign(String)
  }

  private func verdict(_ transaction: Transaction) throws -> Verdict {
    let token = try transaction.mark.token()
    let known: MarkFile.Content?
    do { known = try file.read() } catch let problem as FileProblem where problem.code == EINVAL {
      return .foreign("\(file.path), the mark beside the database, is damaged")
    }
    guard let known else {
      return token == nil ? .new : .foreign("the database came without the mark that lay beside it: restored or copied")
    }
    let here = try FileIdentity(of: databasePath)
    if here.inode != known.database.inode {
      return .foreign(
        "the database is not the file that was at work here last: a copied workspace or a restored backup")
    }
    if !here.machine.isEmpty, !known.database.machine.isEmpty, here.machine != known.database.machine {
      return .foreign("the workspace was at work on another machine last: a copy, or moved")
    }
    let progress = try transaction.mark.progress()
    if progress.attempts < known.progress.attempts || progress.auditRows < known.progress.auditRows {
      return .foreign(
        "the database is older than what was at work here last (\(progress.attempts) attempts and \(progress.auditRows) "
          + "audit rows instead of \(known.progress.attempts) and \(known.progress.auditRows)): a restored backup")
    }
    guard token == known.token else {
      return .foreign("the database has another mark than the file beside it: restored")
    }
    return .same
  }

  /// Inside the transaction: should its commit fail, the halves differ and the next look latches.
  private func renew(_ transaction: Transaction) throws {
    var generator = SystemRandomNumberGenerator()
    let token = String(UInt64.random(in: 0...(.max), using: &generator), radix: 16)
    try transaction.mark.replace(token: token)
    try file.write(
      MarkFile.Content(
        token: token, database: try FileIdentity(of: databasePath), progress: try transaction.mark.progress()))
  }
}
