import Engine
import Foundation
import MailModel
import TerminalUI
import Testing

@testable import Console

/// A console on a terminal in memory, with the keymap and theme that are shipped.
final class TestScreen {
  let terminal: TestTerminal
  let session: ConsoleSession
  /// Kept, so that its folder is there as long as the screen.
  private var workspace: SampleWorkspace?

  convenience init(
    _ workspace: SampleWorkspace, columns: Int = 80, rows: Int = 24, glyphs: GlyphSet = .unicode,
    depth: ColorDepth = .mono
  ) throws {
    try self.init(workspace.open, columns: columns, rows: rows, glyphs: glyphs, depth: depth)
    self.workspace = workspace
  }

  init(
    _ open: OpenWorkspace, columns: Int = 80, rows: Int = 24, glyphs: GlyphSet = .unicode, depth: ColorDepth = .mono,
    keymap: Keymap? = nil
  ) throws {
    terminal = TestTerminal(columns: columns, rows: rows, capabilities: .init(depth: depth, glyphs: glyphs))
    session = ConsoleSession(
      terminal: terminal, open: open, keymap: try keymap ?? TestScreen.keymap(), theme: try TestScreen.theme("dark"),
      wake: {})
    try session.begin()
    try settle()
  }

  deinit { session.end() }

  static var repository: URL {
    var folder = URL(filePath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    return folder
  }

  static func file(_ path: String) throws -> String {
    try String(contentsOf: repository.appending(path: path), encoding: .utf8)
  }

  static func keymap() throws -> Keymap { try Keymap(parsing: try file("keymaps.conf")) }

  /// What leads to a pane, as it is shipped.
  static func keys(to pane: PaneID) throws -> String {
    let command = CommandInvocation("pane", [pane.rawValue])
    return try keymap().keys(for: command, in: PaneID.checklist.rawValue).first?.description ?? "5 Enter"
  }

  static func theme(_ name: String) throws -> Theme {
    try Theme(parsing: try file("themes/\(name).conf"), name: name, file: "themes/\(name).conf") { parent in
      try? file("themes/\(parent).conf")
    }
  }

  var state: ConsoleState { session.state }
  var text: String { terminal.text }
  var notice: String { state.notice?.text ?? "" }

  /// Types keys by their notation and waits after each until what it asked for has been read.
  func type(_ keys: String) throws {
    for key in keys.split(separator: " ") {
      try terminal.type(String(key))
      try settle()
    }
  }

  /// Types a text, letter by letter.
  func write(_ text: String) throws {
    for scalar in text.unicodeScalars { terminal.send(.key(.character(scalar))) }
    try settle()
  }

  func send(_ event: TerminalEvent) throws {
    terminal.send(event)
    try settle()
  }

  func turn() { session.turn(terminal.nextEvents(timeout: .zero)) }

  /// Waits until nothing is being read or done.
  func settle() throws { try eventually("the screen is read") { session.isSettled } }

  /// Turns the loop until something holds.
  func eventually(
    _ what: String, within seconds: Double = 60, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () throws -> Bool
  ) throws {
    let end = Date().addingTimeInterval(seconds)
    turn()
    while try !condition() {
      guard Date() < end else {
        Issue.record("waited in vain: \(what)\n\(text)", sourceLocation: sourceLocation)
        throw Waited(what: what)
      }
      session.mailbox.wait(seconds: 0.05)
      turn()
    }
  }

  struct Waited: Error { var what: String }
}
