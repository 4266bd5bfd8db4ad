import Testing

@testable import TerminalUI

@Suite struct VisibleTextTests {
  @Test(
    "faults 31–33: what could command a terminal, hide or reorder text becomes glyphs",
    arguments: [
      ("\u{1B}[2J", "␛[2J", "<1B>[2J"),
      ("\u{1B}]52;c;aGk=\u{07}", "␛]52;c;aGk=␇", "<1B>]52;c;aGk=<07>"),
      ("\u{1B}]8;;http://x\u{1B}\\y", "␛]8;;http://x␛\\y", "<1B>]8;;http://x<1B>\\y"),
      ("\u{1B}P1$r\u{9C}", "␛P1$r⟨U+009C⟩", "<1B>P1$r<U+009C>"),
      ("\u{9B}31m", "⟨U+009B⟩31m", "<U+009B>31m"),
      ("a\r\nb\tc\u{0}", "a␍␊b␉c␀", "a<0D><0A>b<09>c<00>"),
      ("\u{7F}", "␡", "<7F>"),
      ("abc\u{202E}gnp.exe", "abc⟨U+202E⟩gnp.exe", "abc<U+202E>gnp.exe"),
      ("\u{2066}\u{200F}\u{061C}", "⟨U+2066⟩⟨U+200F⟩⟨U+061C⟩", "<U+2066><U+200F><U+061C>"),
      (
        "a\u{200B}b\u{200D}c\u{FEFF}\u{2060}", "a⟨U+200B⟩b⟨U+200D⟩c⟨U+FEFF⟩⟨U+2060⟩",
        "a<U+200B>b<U+200D>c<U+FEFF><U+2060>"
      ),
      ("x\u{FE0F}", "x⟨U+FE0F⟩", "x<U+FE0F>"),
      (
        "\u{E0041}\u{E000}\u{10FFFF}\u{0378}", "⟨U+E0041⟩⟨U+E000⟩⟨U+10FFFF⟩⟨U+0378⟩",
        "<U+E0041><U+E000><U+10FFFF><U+0378>"
      ),
      ("\u{2028}\u{2029}\u{00AD}\u{3164}", "⟨U+2028⟩⟨U+2029⟩⟨U+00AD⟩⟨U+3164⟩", "<U+2028><U+2029><U+00AD><U+3164>"),
      ("\u{1FAE8}", "⟨U+1FAE8⟩", "<U+1FAE8>"),
      ("Zoë", "Zoë", "Zo<U+00EB>"),
    ])
  func hostile(raw: String, unicode: String, ascii: String) {
    #expect(VisibleText(raw).text == unicode)
    #expect(VisibleText(raw, glyphs: .ascii).text == ascii)
    #expect(VisibleText(raw, glyphs: .ascii).width == ascii.count)
  }

  @Test(
    "fault 32: width by grapheme, sequences that terminals disagree on are replaced",
    arguments: [
      ("plain", "plain", 5), ("日本語", "日本語", 6), ("ｱ", "ｱ", 1), ("Ａ", "Ａ", 2), ("한글", "한글", 4),
      ("\u{1112}\u{1161}\u{11AB}", "\u{1112}\u{1161}\u{11AB}", 2), ("e\u{301}", "e\u{301}", 1), ("─✔✗●▲", "─✔✗●▲", 5),
      ("😀", "😀", 2), ("👩‍👩‍👧!", "👩⁺!", 4), ("👍🏽", "👍⁺", 3), ("❤️", "❤⁺", 2), ("1️⃣", "1⁺", 2), ("🇩🇪", "DE", 2),
      ("e\u{301}\u{302}\u{303}\u{304}f", "e\u{301}\u{302}⁺f", 3), ("\u{301}a", "◌\u{301}a", 2),
      ("\u{0939}\u{093F}", "\u{0939}\u{093F}", 2),
    ])
  func widths(raw: String, shown: String, width: Int) {
    let text = VisibleText(raw)
    #expect(Array(text.text.unicodeScalars) == Array(shown.unicodeScalars))
    #expect(text.width == width)
  }

  @Test(
    "fault 32: bytes that are not UTF-8 stand out one by one",
    arguments: [
      ([0x61, 0x9C, 0x62], "a⟨9C⟩b"), ([0xE2, 0x82], "⟨E2⟩⟨82⟩"), ([0xED, 0xA0, 0x80], "⟨ED⟩⟨A0⟩⟨80⟩"),
      ([0xC3, 0x9C], "Ü"), ([0xF5, 0x41], "⟨F5⟩A"), ([0xC0, 0xAF], "⟨C0⟩⟨AF⟩"),
    ] as [([UInt8], String)])
  func bytes(raw: [UInt8], shown: String) {
    #expect(VisibleText(bytes: raw).text == shown)
  }

  @Test("huge input costs no more than its limit and ends in an ellipsis")
  func bounded() {
    let long = VisibleText(String(repeating: "x", count: 5_000_000), limit: 100)
    #expect(long.width == 100)
    #expect(long.wasCut)
    #expect(long.text.hasSuffix("x…"))
    let marks = VisibleText("a" + String(repeating: "\u{301}", count: 2_000_000), limit: 100)
    #expect(marks.pieces.count <= 3)
    #expect(marks.wasCut)
    #expect(!VisibleText(String(repeating: "x", count: 100), limit: 100).wasCut)
    #expect(VisibleText(bytes: repeatElement(0xFF, count: 1_000_000), limit: 50).width == 50)
  }

  @Test(
    "truncation never splits a wide character",
    arguments: [(6, "日本語"), (5, "日本…"), (4, "日…"), (3, "日…"), (2, "…"), (1, "…"), (0, "")])
  func truncation(columns: Int, shown: String) {
    let text = VisibleText("日本語").truncated(to: columns)
    #expect(text.text == shown)
    #expect(text.width <= columns)
  }

  @Test("fitting pads to exactly the width")
  func fitting() {
    #expect(VisibleText("ab").fitted(to: 5, alignment: .trailing).text == "   ab")
    #expect(VisibleText("ab").fitted(to: 5, alignment: .center).text == " ab  ")
    #expect(VisibleText("日本語").fitted(to: 4).text == "日… ")
    #expect(VisibleText("abcdef").fitted(to: 3, glyphs: .ascii).text == "ab~")
  }

  @Test("wrapping breaks at blanks and keeps every word")
  func wrapping() {
    let text = VisibleText("451 4.7.1 greylisted, averyveryverylongword 日本語")
    let lines = text.wrapped(to: 10).map(\.text)
    #expect(lines == ["451 4.7.1", "greylisted", ",", "averyveryv", "erylongwor", "d 日本語"])
    #expect(text.wrapped(to: 10, maximum: 2).map(\.text) == ["451 4.7.1", "greyliste…"])
    #expect(VisibleText("日").wrapped(to: 1).count == 1)
    #expect(VisibleText.empty.wrapped(to: 4).count == 1)
  }

  @Test("text of several lines is split at line feeds only")
  func lines() {
    #expect(VisibleText.lines(of: "a\r\nb\u{1B}\nc").map(\.text) == ["a", "b␛", "c"])
    #expect(VisibleText.lines(of: String(repeating: "\n", count: 50_000), maximum: 10).count == 10)
  }
}
