import Foundation
import MailModel
import Storage
import Testing

@testable import Engine

/// Fault 7: a copied workspace or a restored backup starts latched and says why; a normal restart never does.
@Suite struct WorkspaceMarkTests {
  private final class Place {
    let folder = FileManager.default.temporaryDirectory.appending(path: "postroom-mark-\(UUID().uuidString)")
    var workspace: URL { folder.appending(path: "here") }
    var database: String { workspace.appending(path: "postroom.sqlite").path }
    var mark: String { workspace.appending(path: "workspace.mark").path }

    init() throws {
      let settings = ["EMAIL_SMTP_HOST": "localhost", "EMAIL_SMTP_TLS": "none", "EMAIL_SMTP_PORT": "2525"]
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      _ = try WorkspaceCreation.create(
        at: workspace, settings: settings, owner: TestWorkspace.person(.lead), now: SystemClock().now())
      _ = try look(at: workspace)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Opens and closes it as any command does.
    func look(at place: URL, _ work: (OpenWorkspace) throws -> Void = { _ in }) throws -> SendPermit {
      let open = try TestWorkspace.open(place)
      defer { open.close() }
      try work(open)
      let permit = try open.store.read { try $0.permit.read() }
      // Both channels agree: a row without the file would be half a stop.
      #expect(open.stop.latch.isPresent() == (permit.state == .stopped))
      return permit
    }

    /// The database with its journal.
    func backUp() throws -> [String: Data] {
      let names = [database, database + "-wal"].filter(FileManager.default.fileExists)
      return Dictionary(uniqueKeysWithValues: try names.map { ($0, try Data(contentsOf: URL(filePath: $0))) })
    }

    /// What grows while an engine is at work, and the mark's note of it.
    func work(_ place: URL) throws {
      _ = try look(at: place) { open in
        try open.store.write { transaction in
          _ = try transaction.audit.append(
            at: open.clock.now(), actor: open.actor, operation: "test", subject: "test", reason: "", detailsJSON: "{}")
        }
        #expect(try WorkspaceMark(open.workspace).keep(open.store) == nil)
      }
    }

    func expectLatched(_ place: URL, _ words: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
      let permit = try look(at: place)
      #expect(permit.state == .stopped, sourceLocation: sourceLocation)
      #expect(permit.reason.contains(words), "\(permit.reason)", sourceLocation: sourceLocation)
      // A reset is enough: what was looked into is not asked about again.
      _ = try look(at: place) { open in
        _ = try open.operations.perform("stop.reset", OperationRequest(arguments: ["reason": "looked into"]))
        _ = try open.operations.perform("stop.resume", OperationRequest())
      }
      #expect(try look(at: place).state == .ramping, sourceLocation: sourceLocation)
    }
  }

  @Test func `opening again, working and moving the folder never latch`() throws {
    let place = try Place()
    for _ in 0..<3 { try place.work(place.workspace) }
    let moved = place.folder.appending(path: "moved")
    try FileManager.default.moveItem(at: place.workspace, to: moved)
    #expect(try place.look(at: moved).state == .open)
    #expect(try place.look(at: moved).state == .open)
  }

  @Test func `a copied workspace is latched, the one it was copied from is not`() throws {
    let place = try Place()
    let copy = place.folder.appending(path: "copy")
    try FileManager.default.copyItem(at: place.workspace, to: copy)
    try place.expectLatched(copy, "a copied workspace")
    #expect(try place.look(at: place.workspace).state == .open)
  }

  @Test func `an older database written over the newer one is latched although the file is the same`() throws {
    let place = try Place()
    let backup = try place.backUp()
    try place.work(place.workspace)
    for (path, bytes) in backup {
      let handle = try FileHandle(forWritingTo: URL(filePath: path))
      try handle.truncate(atOffset: 0)
      try handle.write(contentsOf: bytes)
      try handle.close()
    }
    try place.expectLatched(place.workspace, "older than what was at work here last")
  }

  @Test func `a database put in the place of another is latched`() throws {
    let place = try Place()
    for (path, bytes) in try place.backUp() {
      // Made before the other is gone: a system gives numbers of files away again.
      try bytes.write(to: URL(filePath: path + ".new"))
      rename(path + ".new", path)
    }
    try place.expectLatched(place.workspace, "restored backup")
  }

  @Test func `without its mark, or with a damaged or foreign one, it is latched`() throws {
    let place = try Place()
    let mark = try #require(FileManager.default.contents(atPath: place.mark))
    unlink(place.mark)
    try place.expectLatched(place.workspace, "came without the mark")
    try Data(mark.prefix(40)).write(to: URL(filePath: place.mark))
    try place.expectLatched(place.workspace, "is damaged")
    // The mark of before those two resets: its token is another.
    let lines = String(decoding: mark, as: UTF8.self)
    let now = try #require(FileManager.default.contents(atPath: place.mark))
    let token = lines.split(separator: "\n")[1]
    let current = String(decoding: now, as: UTF8.self)
    let other = current.replacing(current.split(separator: "\n")[1], with: token)
    try Data(other.utf8).write(to: URL(filePath: place.mark))
    try place.expectLatched(place.workspace, "another mark")
  }

  @Test func `on another machine it is latched`() throws {
    let place = try Place()
    let file = MarkFile(path: place.mark)
    var content = try #require(try file.read())
    content.database.machine = "0123456789abcdef"
    try file.write(content)
    if try FileIdentity(of: place.database).machine.isEmpty { return }
    try place.expectLatched(place.workspace, "another machine")
  }

  @Test(arguments: ["", "-wal"], [true, false])
  func `a database or journal removed or replaced under a working engine stops it (fault 8)`(
    suffix: String, isReplaced: Bool
  ) throws {
    let place = try Place()
    let file = place.database + suffix
    _ = try place.look(at: place.workspace) { open in
      let mark = WorkspaceMark(open.workspace)
      #expect(try mark.keep(open.store) == nil)
      // It would read what is not there.
      #expect(open.stop.close())
      rename(file, file + ".gone")
      if isReplaced { try Data().write(to: URL(filePath: file)) }
      let why = try mark.keep(open.store)
      #expect(why == "\(file) was removed or replaced while an engine was at work")
      unlink(file)
      rename(file + ".gone", file)
    }
  }
}
