import Testing

@testable import TerminalUI

@Suite struct WidgetTests {
  private let styles = Theme.plain.styles(depth: .mono)

  /// What a widget draws into a screen of this size.
  private func screen(_ columns: Int, _ rows: Int, glyphs: GlyphSet = .unicode, _ draw: (Rect, inout Frame) -> Void)
    -> Frame
  {
    var frame = Frame(size: .init(columns: columns, rows: rows), glyphs: glyphs)
    draw(frame.bounds, &frame)
    expectSound(frame)
    return frame
  }

  private func table(total: Int = 1_000_000) -> Table {
    Table(
      columns: [
        .init("State", .fixed(8)), .init("Recipient", .flexible(minimum: 8, weight: 1)),
        .init("Age", .fixed(4), alignment: .trailing),
        .init("Reply", .fixed(9), rank: 1),
      ],
      rows: [
        .init([Span("queued", .state("queued")), Span("a@example.org"), Span("1m"), Span("–")]),
        .init([Span("sent"), Span("日本語日本語@example.org"), Span("12m"), Span("250 2.0.0 ok")], isMarked: true),
        .init([Span("failed"), Span("b\u{1B}[2J")]),
      ], selected: 1, firstPlace: 0, total: total, sort: .init(column: 2, isAscending: false))
  }

  @Test("a table draws the window it is given, the sort mark, marks and a scroll bar")
  func tableGolden() {
    let frame = screen(46, 4) { table().draw(in: $0, into: &$1, styles: styles) }
    #expect(
      frame.plainText == """
          State     Recipient         Age▼  Reply
          queued    a@example.org       1m  –        ┃
        ● sent      日本語日本語@ex…   12m  250 2.0.…│
          failed    b␛[2J                            │
        """)
    #expect(frame.cursor == Position(x: 0, y: 2))
    #expect(frame[5, 2]?.style.attributes.contains(.reverse) == true)
    #expect(frame[5, 1]?.style.attributes.contains(.reverse) == false)
  }

  @Test("a narrow table leaves out what matters least; in ASCII it says the same")
  func narrowTable() {
    let frame = screen(32, 4, glyphs: .ascii) { table(total: 3).draw(in: $0, into: &$1, styles: styles) }
    #expect(
      frame.plainText == """
          State     Recipient      Agev
          queued    a@example.org    1m
        * sent      ????????????~   12m
          failed    b?[2J
        """)
  }

  @Test("an empty table says so")
  func emptyTable() {
    let frame = screen(20, 4) {
      Table(columns: [.init("A", .weight(1))], rows: [], emptyMessage: "No bounces").draw(
        in: $0, into: &$1, styles: styles)
    }
    #expect(frame.plainText == "  A\n\n     No bounces\n")
  }

  @Test("nothing traps at any size, fault 35", arguments: 0..<12)
  func anySize(columns: Int) {
    for rows in 0..<8 {
      _ = screen(columns, rows) { rect, frame in
        table().draw(in: rect, into: &frame, styles: styles)
        details.draw(in: rect, into: &frame, styles: styles)
        tabs.draw(in: rect, into: &frame, styles: styles)
        footer.draw(in: rect, into: &frame, styles: styles)
        help.draw(in: rect, into: &frame, styles: styles)
        dialog.draw(in: rect, into: &frame, styles: styles)
        picker.draw(in: rect, into: &frame, styles: styles)
        TextInput("日本").draw(prompt: "/", in: rect, into: &frame, styles: styles)
        StyledLine([Span("left")], right: [Span("right")]).draw(in: rect, into: &frame, styles: styles)
      }
      expectSound(TooSmall.frame(size: .init(columns: columns, rows: rows), glyphs: .unicode, stopKey: "!"))
    }
  }

  private var details: Details {
    Details([
      .heading("Message"), .field("Recipient", Span("a@example.org")),
      .field("Reply", Span("451 4.7.1 greylisted, please try again later")),
      .blank, .lines("Headers", ["Subject: x", "From: y"]), .note(Span("That is all", .dim)),
    ])
  }

  @Test("details wrap beside their labels and scroll")
  func detailsGolden() {
    let frame = screen(34, 9) { details.draw(in: $0, into: &$1, styles: styles) }
    #expect(
      frame.plainText == """
        Message
        Recipient  a@example.org
        Reply      451 4.7.1 greylisted,
                   please try again later

        Headers    Subject: x
                   From: y
        That is all

        """)
    var scrolled = details
    scrolled.scroll = 99
    let end = screen(34, 3) { scrolled.draw(in: $0, into: &$1, styles: styles) }
    #expect(end.plainText.contains("That is all"))
    #expect(details.lineCount(width: 34) == 8)
  }

  private var tabs: Tabs {
    Tabs(
      [
        .init(key: "1", label: "Checklist", short: "Check", badge: "3/9"),
        .init(key: "2", label: "Queue", badge: "412"),
        .init(key: "3", label: "Audit"),
      ], selected: 1)
  }

  @Test(
    "tabs shrink to what fits",
    arguments: [
      (60, " 1 Checklist 3/9  2 Queue 412  3 Audit"), (37, " 1 Checklist 3/9 2 Queue 412  3 Audit"),
      (36, " 1 Check 3/9  2 Queue 412  3 Audit"), (33, " 1 Check 3/9 2 Queue 412  3 Audit"),
      (32, " 1 Che 3/9 2 Queue 412  3 Aud"), (26, " 1 Che 3/9 2 Queue  3 Aud"), (24, " 1 Che 2 Queue  3 Aud"),
      (20, " 1 2 Queue  3"),
    ])
  func tabsGolden(columns: Int, line: String) {
    #expect(screen(columns, 1) { tabs.draw(in: $0, into: &$1, styles: styles) }.line(0) == line)
  }

  @Test(
    "counts stay in a narrow line, rounded, but for the tab that is open",
    arguments: [("999", "999"), ("1000", "1k"), ("12345", "12k"), ("2500000", "2M"), ("9/14", "9/14")])
  func roundedTabs(badge: String, shown: String) {
    let tabs = Tabs(
      [
        .init(key: "1", label: "Queue", badge: VisibleText(badge)),
        .init(key: "2", label: "Unmatched", short: "Unmatch", badge: "3"),
      ], selected: 1)
    let line = screen(20 + shown.count, 1) { tabs.draw(in: $0, into: &$1, styles: styles) }.line(0)
    #expect(line == " 1 Que \(shown) 2 Unmatched")
  }

  private var footer: Footer {
    Footer(
      [.init(key: "h", label: "hold"), .init(key: "r", label: "release"), .init(key: "t", label: "retry")],
      pinned: [.init(key: "!", label: "STOP")])
  }

  @Test(
    "the footer always shows how to stop",
    arguments: [
      (40, " h hold  r release  t retry      ! STOP"), (28, " h hold  r release   ! STOP"), (9, "  ! STOP"),
      (8, " ! STOP"), (7, ""),
    ])
  func footerGolden(columns: Int, line: String) {
    #expect(screen(columns, 1) { footer.draw(in: $0, into: &$1, styles: styles) }.line(0) == line)
  }

  @Test(
    "greyed keys of the footer give way to those of this place that can be pressed, and to a few others",
    arguments: [
      (50, "h hold r release t retry / filter ! STOP"), (36, "h hold t retry / filter ! STOP"),
      (35, "h hold t retry / filter ! STOP"), (27, "t retry / filter ! STOP"),
      (25, "h hold t retry ! STOP"), (24, "t retry ! STOP"), (15, "! STOP"),
    ])
  func footerGivesWay(columns: Int, line: String) {
    let footer = Footer(
      [
        .init(key: "h", label: "hold", isEnabled: false, isOwn: true),
        .init(key: "r", label: "release", isEnabled: false, isOwn: true),
        .init(key: "t", label: "retry", isOwn: true), .init(key: "/", label: "filter"),
      ], pinned: [.init(key: "!", label: "STOP")])
    let drawn = screen(columns, 1) { footer.draw(in: $0, into: &$1, styles: styles) }.line(0)
    #expect(drawn.split(separator: " ") == line.split(separator: " "))
  }

  private var dialog: Dialog {
    Dialog(
      title: "Release 412 messages?", lines: [Span("Skips 9 suppressed recipients.")],
      buttons: [.init("Release", key: "y", isDangerous: true), .init("Keep held", key: "n")])
  }

  @Test("a question with more text than fits is scrolled, and its answers stay on screen")
  func longDialog() {
    var long = dialog
    long.lines = (1...12).map { Span(VisibleText("line \($0)")) }
    let rect = Rect(x: 0, y: 0, width: 60, height: 12)
    #expect(long.overflow(in: rect, glyphs: .unicode) == 6)
    #expect(dialog.overflow(in: rect, glyphs: .unicode) == 0)
    let top = screen(60, 12) { long.draw(in: $0, into: &$1, styles: styles) }.plainText
    #expect(top.contains("line 6") && !top.contains("line 7") && top.contains("Keep held"))
    long.scroll = 99
    let end = screen(60, 12) { long.draw(in: $0, into: &$1, styles: styles) }.plainText
    #expect(end.contains("line 12") && end.contains("line 7") && !end.contains("line 6") && end.contains("Keep held"))
  }

  @Test("the safe answer has the focus, and shows it without colour")
  func dialogGolden() {
    let frame = screen(60, 9) { dialog.draw(in: $0, into: &$1, styles: styles) }
    #expect(
      frame.plainText == """

             ╭─ Release 412 messages? ────────────────────────╮
             │                                                │
             │  Skips 9 suppressed recipients.                │
             │                                                │
             │           Release y    [ Keep held n ]         │
             │                                                │
             ╰────────────────────────────────────────────────╯

        """)
    #expect(dialog.focused == 1)
    var other = dialog
    other.focusNext()
    #expect(screen(60, 9) { other.draw(in: $0, into: &$1, styles: styles) }.plainText.contains("[ Release y ]"))
  }

  private var help: HelpScreen {
    HelpScreen([.init(title: "Move", entries: [.init(keys: "j Down", text: "down"), .init(keys: "k Up", text: "up")])])
  }

  @Test("help lists keys beside what they do")
  func helpGolden() {
    let frame = screen(40, 4) { help.draw(in: $0, into: &$1, styles: styles) }
    #expect(frame.plainText == " Move\n j Down        down\n k Up          up\n")
  }

  private var picker: Picker {
    Picker(
      title: "Commands",
      items: [
        .init(id: "queue.hold", title: "Hold messages", hint: "h"),
        .init(id: "queue.release", title: "Release messages", hint: "r", disabledReason: "nothing is held"),
        .init(id: "stop", title: "Stop all sending", hint: "!"),
      ])
  }

  @Test("the palette finds by parts of names and says why something cannot be done")
  func pickerGolden() throws {
    var picker = picker
    for letter in "rel".unicodeScalars { _ = picker.handle(.character(letter)) }
    #expect(picker.choice?.id == "queue.release")
    let frame = screen(50, 12) { picker.draw(in: $0, into: &$1, styles: styles) }
    #expect(frame.line(3).contains("> rel"))
    #expect(frame.line(5).contains("▶ Release messages"))
    #expect(frame.line(5).contains("nothing is held"))
    _ = picker.handle(try Key(notation: "C-u"))
    #expect(picker.matches.count == 3)
    #expect(picker.handle(.enter) == false)
  }

  @Test(
    "fuzzy matches",
    arguments: [
      ("qh", ["queue.hold", "queue.release", "stop"], ["queue.hold"]), ("st", ["list", "stop"], ["stop", "list"]),
      ("", ["b", "a"], ["b", "a"]),
      ("xyz", ["a"], []), ("HOLD", ["queue.hold"], ["queue.hold"]),
    ] as [(String, [String], [String])])
  func fuzzy(query: String, texts: [String], expected: [String]) {
    #expect(FuzzyMatch.ranked(query, among: texts.map { [$0] }).map { texts[$0] } == expected)
  }

  @Test(
    "text is edited as in a shell",
    arguments: [
      ("a b c|C-w", "a b "), ("abc|C-a x", "xabc"), ("abc|Left Backspace", "ac"), ("abc|Left Left C-k", "a"),
      ("abc|C-u", ""),
      ("abc|C-a C-d", "bc"), ("a b|M-b x", "a xb"), ("abc|C-a C-e x", "abcx"), ("ab|Home Delete End y", "by"),
      ("|Backspace Delete Left Right", ""),
    ])
  func editing(story: String, result: String) throws {
    let parts = story.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
    var input = TextInput(String(parts[0]))
    for key in parts[1].split(separator: " ") { #expect(input.handle(try Key(notation: String(key)))) }
    #expect(input.text == result)
  }

  @Test("fault 34: pasted newlines submit nothing, and no text leaves its field")
  func pasting() {
    var input = TextInput("x")
    input.paste("a\nb\r\n!\u{1B}[2J")
    #expect(input.text == "xa b !\u{1B}[2J")
    let frame = screen(12, 1) { input.draw(prompt: "/", in: $0, into: &$1, styles: styles) }
    #expect(frame.line(0) == "/xa b !␛[2J")
    input.paste(String(repeating: "y", count: 10_000))
    #expect(input.text.count == TextInput.maximumLength)
    let end = screen(12, 1) { input.draw(prompt: "/", in: $0, into: &$1, styles: styles) }
    #expect(end.line(0) == "/yyyyyyyyyy" && end.cursor == Position(x: 11, y: 0))
    #expect(input.handle(.enter) == false)
  }

  @Test("a line keeps its left end and drops from the right")
  func styledLine() {
    let line = StyledLine(
      [Span("Postroom "), Span("STOPPED", .bannerStopped)], right: [Span("bounce 1.2%"), Span(" sent 12")])
    #expect(
      screen(40, 1) { line.draw(in: $0, into: &$1, styles: styles) }.line(0)
        == "Postroom STOPPED     bounce 1.2% sent 12")
    #expect(screen(28, 1) { line.draw(in: $0, into: &$1, styles: styles) }.line(0) == "Postroom STOPPED     sent 12")
    #expect(screen(12, 1) { line.draw(in: $0, into: &$1, styles: styles) }.line(0) == "Postroom ST…")
  }

  @Test("meters")
  func meters() {
    #expect(Sparkline.text([0, 1, 4, 8, .nan, 16], width: 6, glyphs: .unicode).text == "▁▁▃▅▁█")
    #expect(Sparkline.text([0, 0], width: 4, glyphs: .unicode).text == "  ")
    #expect(ProgressBar.text(0.5, width: 4, glyphs: .ascii).text == "##..")
    #expect(ProgressBar.text(0.999, width: 4, glyphs: .ascii).text == "###.")
    #expect(ProgressBar.text(0.001, width: 4, glyphs: .ascii).text == "#...")
    #expect(ProgressBar.text(.infinity, width: 0, glyphs: .ascii).text == "")
  }

  @Test("a terminal too small says which size it needs, fault 35")
  func tooSmall() {
    let frame = TooSmall.frame(size: .init(columns: 40, rows: 6), glyphs: .unicode, stopKey: "!")
    #expect(frame.plainText.contains("too small: 40x6"))
    #expect(frame.plainText.contains("! still stops all"))
    #expect(TerminalSize(columns: 40, rows: 6).isTooSmall)
    #expect(!TerminalSize(columns: 80, rows: 24).isTooSmall)
  }

  @Test("a test terminal types keys and shows what the changes add up to")
  func testTerminal() throws {
    let terminal = TestTerminal(columns: 10, rows: 2)
    try terminal.type("j C-d Enter")
    #expect(terminal.nextEvents(timeout: nil) == [.key(.character("j")), .key(.control("d")), .key(.enter)])
    terminal.send(.resize(.init(columns: 12, rows: 2)))
    #expect(terminal.size.columns == 12)
    var frame = Frame(size: terminal.size)
    terminal.draw(frame)
    frame.put("日本", x: 1, y: 1)
    terminal.draw(frame)
    #expect(terminal.drawnCells == frame.cells)
    #expect(terminal.cellsDrawn == 24 + 4)
    #expect(terminal.text == "\n 日本")
  }
}
