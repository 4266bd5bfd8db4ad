import Testing

@testable import TerminalUI

@Suite struct KeyTests {
  @Test(
    "notation reads back as itself",
    arguments: [
      "g", "G", "!", "?", "#", "=", "<", ">", "-", "é", "Space", "Enter", "Esc", "Tab", "S-Tab", "F1", "F12", "C-d",
      "C-Space",
      "M-x", "M-Up", "C-M-Left", "PgUp", "PgDn", "Home", "End", "Up", "Delete", "Backspace", "M-Space", "C-]",
    ])
  func roundTrip(notation: String) throws {
    let key = try Key(notation: notation)
    #expect(key.description == notation)
    #expect(try Key(notation: "<\(notation)>") == key)
  }

  @Test(
    "names have aliases",
    arguments: [("<Return>", "Enter"), ("escape", "Esc"), ("C-D", "C-d"), ("pageup", "PgUp"), ("<C-x>", "C-x")])
  func aliases(notation: String, canonical: String) throws {
    #expect(try Key(notation: notation).description == canonical)
  }

  @Test("what is no key says why", arguments: ["", "gg", "C-", "S-g", "F25", "F0", "Entr", "\u{1B}", "\u{202E}", " "])
  func wrong(notation: String) {
    #expect(throws: KeyNotationError.self) { try Key(notation: notation) }
  }

  @Test(
    "keys that terminals cannot send",
    arguments: ["C-i", "C-m", "C-[", "C-h", "C-j", "C-1", "S-Enter", "C-Tab", "F13", "C-c", "C-z"])
  func unsendable(notation: String) throws {
    #expect(try Key(notation: notation).unsendable != nil)
  }

  @Test("keys that they can", arguments: ["C-d", "C-x", "M-x", "S-Tab", "F12", "g", "C-Space", "C-Left"])
  func sendable(notation: String) throws {
    #expect(try Key(notation: notation).unsendable == nil)
  }
}

@Suite struct InputDecoderTests {
  private func decode(_ text: String, then wait: Int = 1000) -> [TerminalEvent] {
    var decoder = InputDecoder()
    var events = text.unicodeScalars.flatMap { decoder.feed(.scalar($0), at: 0) }
    events += decoder.flush(at: wait)
    return events
  }

  @Test("bytes become keys")
  func keys() throws {
    #expect(
      decode("g\r\t\u{7F}\u{04}\u{00}\u{1D}é").map(\.notation) == [
        "g", "Enter", "Tab", "Backspace", "C-d", "C-Space", "C-]", "é",
      ])
    #expect(decode("\u{1B}x").map(\.notation) == ["M-x"])
    #expect(decode("\u{1B}").map(\.notation) == ["Esc"])
    #expect(decode("\u{1B}\u{1B}").map(\.notation) == ["Esc", "Esc"])
  }

  @Test(
    "fault 34: a terminal's replies are no keys",
    arguments: [
      "\u{1B}[?1;2c", "\u{1B}[24;80R", "\u{1B}]11;rgb:0000/0000/0000\u{1B}\\", "\u{1B}]52;c;IVEh\u{07}",
      "\u{1B}P!|00000000\u{1B}\\",
      "\u{1B}_Gi=1;OK\u{1B}\\", "\u{9B}?1;2c", "\u{9D}0;Q\u{9C}", "\u{1B}OQ", "\u{1B}[[A", "\u{1B}[?62;c",
    ])
  func replies(text: String) {
    #expect(decode(text).isEmpty)
    #expect(decode(text + "g").map(\.notation) == ["g"])
  }

  @Test("fault 34: a reply split behind its ESC is no key either")
  func splitReply() {
    var decoder = InputDecoder()
    var events = decoder.feed(.scalar("\u{1B}"), at: 0)
    events += decoder.flush(at: 150)
    for scalar in "[?1;2c".unicodeScalars { events += decoder.feed(.scalar(scalar), at: 200) }
    #expect(events == [.key(.escape)])
    #expect(decoder.feed(.scalar("["), at: 900) == [.key(.character("["))])
  }

  @Test("the key that stops gets through an endless reply")
  func stopInsideReply() {
    #expect(decode("\u{1B}]0;flood\u{18}").map(\.notation) == ["C-x"])
    #expect(decode("\u{1B}[1;1\u{18}g").map(\.notation) == ["C-x", "g"])
  }

  @Test("fault 34: pasted text is one event, newlines and all")
  func paste() {
    var decoder = InputDecoder()
    var events = decoder.feed(.pasteBegin, at: 0)
    for scalar in "!\nQ\r\u{1B}[A".unicodeScalars { events += decoder.feed(.scalar(scalar), at: 1) }
    events += decoder.feed(.key(.enter), at: 1)
    #expect(events.isEmpty)
    #expect(decoder.feed(.pasteEnd, at: 2) == [.paste("!\nQ\r\u{1B}[A\n")])
    #expect(decoder.feed(.scalar("!"), at: 3) == [.key(.character("!"))])
  }

  @Test("a paste is bounded, and ends by itself when its end is lost")
  func pasteBounds() {
    var decoder = InputDecoder()
    _ = decoder.feed(.pasteBegin, at: 0)
    for _ in 0..<InputDecoder.maximumPaste + 10 { _ = decoder.feed(.scalar("x"), at: 0) }
    let events = decoder.feed(.scalar("!"), at: 5_000)
    #expect(events == [.paste(String(repeating: "x", count: InputDecoder.maximumPaste)), .key(.character("!"))])
  }
}

extension TerminalEvent {
  var notation: String {
    if case .key(let key) = self { return key.description }
    return "\(self)"
  }
}
