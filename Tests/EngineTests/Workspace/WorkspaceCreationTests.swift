import Engine
import Foundation
import MailModel
import Storage
import Testing

@Suite struct WorkspaceCreationTests {
  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require((attributes[.posixPermissions] as? NSNumber)?.intValue)
  }

  @Test func `everything in a new workspace is private, and sending is allowed`() throws {
    let place = try TestWorkspace(settings: ["EMAIL_HELO_NAME": "a b \"c\" \\ #d"])
    for name in [".env", ".env.example", "operators", "token.key", "postroom.sqlite"] {
      #expect(try mode(place.folder.appending(path: name).path) == 0o600, "\(name)")
    }
    for name in ["postroom.sqlite-wal", "postroom.sqlite-shm"] {
      #expect(try mode(place.folder.appending(path: name).path) == 0o600, "\(name)")
    }
    #expect(try mode(place.open.workspace.outbox.path) == 0o700)
    #expect(try place.permit().state == .open)
    #expect(try place.audit("workspace.init").count == 1)
    #expect(place.open.workspace.configuration.relay.helloName == "a b \"c\" \\ #d")
    #expect(place.open.workspace.unknownKeys.isEmpty)
    #expect(try TokenKey.read(from: place.open.workspace.keyPath).count == 32)
  }

  @Test func `a folder that cannot be made is told in the system's words`() throws {
    let settings = ["EMAIL_SMTP_HOST": "localhost"]
    let error = try #require(throws: FileProblem.self) {
      try WorkspaceCreation.create(
        at: URL(filePath: "/proc/none"), settings: settings, owner: TestWorkspace.person(.lead),
        now: SystemClock().now()
      )
    }
    #expect("\(error)" == "/proc/none: No such file or directory")
  }

  @Test func `a second init and one with wrong settings leave everything as it was`() throws {
    let place = try TestWorkspace()
    let person = TestWorkspace.person(.lead)
    #expect(throws: ConfigurationError.self) {
      try WorkspaceCreation.create(at: place.folder, settings: [:], owner: person, now: Timestamp(seconds: 1))
    }
    let fresh = place.folder.appending(path: "fresh")
    #expect(throws: ConfigurationError.self) {
      try WorkspaceCreation.create(
        at: fresh, settings: ["EMAIL_SMTP_HOST": "a.example", "WORKERS": "none"], owner: person,
        now: Timestamp(seconds: 1))
    }
    #expect(!FileManager.default.fileExists(atPath: fresh.appending(path: ".env").path))
  }

  @Test func `a .env and a token key that are there already are kept`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "postroom-kept-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let text = "EMAIL_SMTP_HOST=relay.example\nWORKERS=7\n"
    let key = Data(repeating: 9, count: 32)
    for (name, content) in [(".env", Data(text.utf8)), ("token.key", key)] {
      let path = folder.appending(path: name).path
      #expect(FileManager.default.createFile(atPath: path, contents: content, attributes: [.posixPermissions: 0o600]))
    }
    let made = try WorkspaceCreation.create(
      at: folder, settings: ["WORKERS": "1"], owner: TestWorkspace.person(.lead), now: Timestamp(seconds: 1))
    #expect(made == [".env.example", "operators", "postroom.sqlite", "outbox/"])
    let workspace = try Workspace(folder: folder, environment: [:])
    #expect(workspace.configuration.workers == 7)
    #expect(try TokenKey.read(from: workspace.keyPath) == Array(key))
  }

  @Test func `roles come from the operators file; who is not named watches`() throws {
    let twice = try Operators(parsing: "ann lead\nben lead\nann watcher\n", file: "operators")
    #expect(twice.roles == ["ann": .watcher, "ben": .lead] && twice.idleLines == [1])
    let operators = try Operators(parsing: "# people\njoe operator # nights\n\nann\tlead\n", file: "operators")
    #expect(operators.roles == ["joe": .operator, "ann": .lead])
    #expect(
      operators.actor(user: "joe", host: "desk", process: 7) == Actor(name: "joe", role: .operator, origin: "desk:7"))
    #expect(operators.actor(user: "eve", host: "desk", process: 7).role == .watcher)
    for wrong in ["joe", "joe king", "joe lead extra", "joe Lead"] {
      #expect {
        try Operators(parsing: "a lead\n\(wrong)\n", file: "operators")
      } throws: {
        ($0 as? ConfigurationError)?.place == .init(file: "operators", line: 2)
      }
    }
  }

  @Test func `an engine shows for as long as it lives, and asking takes no lock`() throws {
    let place = try TestWorkspace()
    let path = place.open.workspace.engineLockPath
    #expect(!EngineLock.isHeld(path: path))
    var first: EngineLock? = try EngineLock(path: path)
    let second = try EngineLock(path: path)
    #expect(EngineLock.isHeld(path: path))
    first = nil
    #expect(first == nil && EngineLock.isHeld(path: path))
    withExtendedLifetime(second) {}
    DispatchQueue.concurrentPerform(iterations: 200) { index in
      if index % 2 == 0 {
        _ = EngineLock.isHeld(path: path)
      } else {
        #expect(throws: Never.self) { try EngineLock(path: path) }
      }
    }
  }

  @Test func `a missing or damaged token key is told`() throws {
    let place = try TestWorkspace()
    try Data([1, 2, 3]).write(to: URL(filePath: place.open.workspace.keyPath))
    #expect(throws: ConfigurationError.self) { try TokenKey.read(from: place.open.workspace.keyPath) }
    #expect(throws: ConfigurationError.self) { try place.open.scan(FakeMailbox(), keepsUnseen: false).run() }
  }
}
