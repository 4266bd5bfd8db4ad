import Engine
import MailModel
import Storage
import TerminalUI
import TestSupport
import Testing

@testable import Console

/// A cat on the keyboard: whatever is typed, pasted, clicked and resized, the screen holds together, and nothing changes
/// that was not confirmed.
@Suite struct AnyKeysTests {
  private static let steps = 400
  private static let named = Key.Name.allCases
  private static let texts = ["", "x", "a\nb", "\u{1B}[2J", "e\u{301}\u{301}", "界世👩‍👩‍👧‍👦", "\u{202E}gpj", "state:held"]

  /// Any event but those that leave.
  private static func event(_ random: inout SeededGenerator) -> TerminalEvent {
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<45: .key(Key(.character(letter(&random)), alt: Int.random(in: 0..<20, using: &random) == 0))
    case 45..<55:
      .key(.control(Unicode.Scalar(UInt8.random(in: UInt8(ascii: "a")...UInt8(ascii: "z"), using: &random))))
    case 55..<88: .key(Key(.named(named.randomElement(using: &random) ?? .enter), shift: Bool.random(using: &random)))
    case 88..<92: .paste(texts.randomElement(using: &random) ?? "")
    case 92..<95:
      .mouse(
        MouseEvent(
          action: [.press, .scrollUp, .scrollDown].randomElement(using: &random) ?? .press,
          position: Position(x: Int.random(in: 0..<130, using: &random), y: Int.random(in: 0..<50, using: &random))))
    case 95: .focus(Bool.random(using: &random))
    default: .resize(size(&random))
    }
  }

  private static func letter(_ random: inout SeededGenerator) -> Unicode.Scalar {
    let strange: [Unicode.Scalar] = ["ü", "界", "\u{301}", "\u{200D}", "👩", "\u{202E}"]
    if Int.random(in: 0..<30, using: &random) == 0 { return strange.randomElement(using: &random) ?? "ü" }
    let scalar = Unicode.Scalar(UInt8.random(in: 0x20...0x7E, using: &random))
    return scalar == "q" ? "j" : scalar
  }

  private static func size(_ random: inout SeededGenerator) -> TerminalSize {
    let usual = [(80, 24), (120, 40), (200, 60), (60, 16)]
    if Bool.random(using: &random), let (columns, rows) = usual.randomElement(using: &random) {
      return TerminalSize(columns: columns, rows: rows)
    }
    return TerminalSize(
      columns: Int.random(in: 1...220, using: &random), rows: Int.random(in: 1...70, using: &random))
  }

  @Test(arguments: 1...4) func `the screen holds together`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let screen = try TestScreen(SampleWorkspace.morning(role: .lead), glyphs: seed % 2 == 0 ? .unicode : .ascii)
    for step in 0..<AnyKeysTests.steps {
      let event = AnyKeysTests.event(&random)
      try screen.send(event)
      try screen.checkFrame("step \(step), \(event)")
      // The palette has `quit`, too.
      if screen.state.hasQuit { return }
    }
  }

  @Test(arguments: [11, 12]) func `who may change nothing changes nothing`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let workspace = try SampleWorkspace.morning(role: .watcher)
    let before = try AnyKeysTests.world(workspace)
    let screen = try TestScreen(workspace)
    for _ in 0..<AnyKeysTests.steps where !screen.state.hasQuit { try screen.send(AnyKeysTests.event(&random)) }
    #expect(try AnyKeysTests.world(workspace) == before)
  }

  /// What operations change, and the record of them.
  private static func world(_ workspace: SampleWorkspace) throws -> [String] {
    try workspace.store.read { transaction in
      let messages = try transaction.messages.page(MessageQuery(limit: 100)).rows.map { "\($0.id) \($0.state)" }
      let audit = try transaction.audit.page(AuditQuery(limit: 200)).rows.map { "\($0.id) \($0.operation)" }
      return messages + audit
    }
  }
}
