import Testing

@testable import TerminalUI

@Suite struct ThemeTests {
  private static let text = """
    [palette]
    bad  = #ff5555 | 203 | red
    calm = #5f87af
    [style]
    state.fg = calm           # all states
    state.failed.fg = bad
    state.failed.bold = true
    row.selected.bg = #303030 | 236 | blue
    *.selected.mono = reverse
    heading.fg = 111
    """

  @Test(
    "one colour per depth, derived where it is not written",
    arguments: [
      (ColorDepth.rgb, "state.failed", "fg=#ff5555 bold"), (.palette256, "state.failed", "fg=203 bold"),
      (.sixteen, "state.failed", "fg=1 bold"),
      (.mono, "state.failed", "bold"), (.palette256, "state.queued", "fg=67"), (.rgb, "state.queued", "fg=#5f87af"),
      (.rgb, "heading", "fg=111"), (.mono, "row.selected", "reverse"), (.mono, "tab.selected", "reverse"),
      (.rgb, "row.selected", "bg=#303030"),
      (.rgb, "unknown.role", "plain"),
    ])
  func resolution(depth: ColorDepth, role: String, summary: String) throws {
    let theme = try Theme(parsing: ThemeTests.text, name: "t")
    #expect(theme.styles(depth: depth)[StyleName(role)].summary == summary)
  }

  @Test("an inheriting theme replaces colours and rules")
  func inheritance() throws {
    let theme = try Theme(
      parsing: "inherit = base\n[palette]\nbad = blue\n[style]\nstate.failed.bold = false", name: "t"
    ) {
      $0 == "base" ? ThemeTests.text : nil
    }
    #expect(theme.styles(depth: .rgb)["state.failed"].summary == "fg=4")
  }

  @Test(
    "errors name the line and what was expected",
    arguments: [
      ("x = 1", 1, "before any section"), ("[palette]\nbad = #ff55", 2, "not a colour"),
      ("[palette]\nbad = red | blue", 2, "not a colour"),
      ("[colours]", 1, "not a section"),
      ("[style]\nstate.fg = bda\n[palette]\nbad = red", 2, "'bda' is not in [palette]"),
      ("[style]\nstate.colour = red", 2, "not a property"), ("[style]\nstate.bold = yes", 2, "neither true nor false"),
      ("[style]\nstate = red", 2, "no property"), ("[style]\nstate.mono = blink", 2, "not an attribute"),
      ("[style]\nstate.fg", 2, "no '='"),
      ("\n\ninherit = none", 3, "no theme 'none'"), ("[style]\nstate.fg = 999", 2, "not a colour"),
    ])
  func errors(text: String, line: Int, problem: String) {
    #expect {
      try Theme(parsing: text, name: "t")
    } throws: { error in
      guard let issue = (error as? ConfigurationError)?.issues.first else { return false }
      return issue.line == line && issue.description.hasPrefix("themes/t.conf:\(line): ")
        && issue.problem.contains(problem)
    }
  }

  @Test(
    "a role that nothing draws, and a colour misspelt over an inherited one, are told with their lines",
    arguments: [
      ("[style]\nsate.failed.fg = red", 2, "'sate.failed' is no role; expected 'state.failed'"),
      ("[style]\n\n*.choosen.bold = true", 3, "'*.choosen' is no role; expected '*.chosen'"),
      ("[style]\npurple.haze.fg = red", 2, "'purple.haze' is no role; expected a role of themes/dark.conf"),
      ("inherit = base\n[palette]\nclam = red", 3, "no style uses the colour 'clam'; expected 'calm'"),
    ])
  func misspelt(text: String, line: Int, problem: String) throws {
    let error = try #require(throws: ConfigurationError.self) { try readWithRoles(text) }
    #expect(error.description == "themes/t.conf:\(line): \(problem)")
  }

  @Test(
    "roles behind others are roles, and colours may be for later",
    arguments: [
      "[style]\nstate.fg = red\n*.failed.bold = true\nrow.fg = red",
      "inherit = base\n[palette]\nviolet = red\ncalm = 7",
      "inherit = base\n[palette]\nclam = red\n[style]\nstate.fg = clam",
    ])
  func known(text: String) throws { _ = try readWithRoles(text) }

  private func readWithRoles(_ text: String) throws -> Theme {
    try Theme(parsing: text, name: "t", roles: ["state.failed", "row.chosen", "row.selected", "heading"]) {
      $0 == "base" ? ThemeTests.text : nil
    }
  }

  @Test("themes that inherit in a circle are refused")
  func circle() {
    #expect(throws: ConfigurationError.self) { try Theme(parsing: "inherit = a", name: "b") { _ in "inherit = b" } }
  }

  @Test(
    "the themes that are shipped parse, and tell what matters apart on every terminal",
    arguments: ["dark", "light", "mono"])
  func shipped(name: String) throws {
    func text(_ name: String) -> String? { try? projectFile("themes/\(name).conf") }
    let roles = try Theme(parsing: try #require(text("dark")), name: "dark").roles
    let theme = try Theme(parsing: try #require(text(name)), name: name, roles: roles) { text($0) }
    for depth in ColorDepth.allCases {
      let styles = theme.styles(depth: depth)
      let selected = styles[.rowSelected]
      #expect(selected != .plain)
      #expect(styles[.dialogFocused] != styles["dialog.button"])
      #expect(styles[.bannerStopped] != .plain)
      #expect(styles[.tabSelected] != styles[.tab])
      #expect(styles[.state("failed")] != styles[.state("sent")] || depth == .mono)
    }
  }

  @Test("exact colours on a terminal whose entry knows 256")
  func rewriting() {
    var rewriter = TruecolorRewriter()
    let numbers = [Color.rgb(1, 2, 3), .indexed(203), .rgb(1, 2, 3)].compactMap { rewriter.number(for: $0) }
    #expect(numbers == [16, 17, 16])
    let (number, other) = (16, 17)
    let input = "a\u{1B}[38;5;\(number)mb\u{1B}[48;5;\(other)mc\u{1B}[38;5;9m\u{1B}[38;5;"
    let output = String(decoding: rewriter.rewrite(Array(input.utf8)), as: UTF8.self)
    #expect(output == "a\u{1B}[38;2;1;2;3mb\u{1B}[48;5;203mc\u{1B}[38;5;9m\u{1B}[38;5;")
  }

  @Test(arguments: [
    ("\u{1B}[4;23r\u{1B}[23;1H\u{1B}[2S\u{1B}[1;24r", "\u{1B}[4;23r\u{1B}[23;1H\u{1B}D\u{1B}D\u{1B}[1;24r"),
    ("a\u{1B}[13Tb", "a" + String(repeating: "\u{1B}M", count: 13) + "b"), ("\u{1B}[1S", "\u{1B}D"),
    ("\u{1B}[S \u{1B}[1;2S \u{1B}[2X S T \u{1B}[38;5;2m", "\u{1B}[S \u{1B}[1;2S \u{1B}[2X S T \u{1B}[38;5;2m"),
    ("\u{1B}", "\u{1B}"), ("\u{1B}[", "\u{1B}["), ("\u{1B}[12", "\u{1B}[12"), ("", ""),
  ])
  func `several lines are scrolled one by one`(output: String, rewritten: String) {
    #expect(String(decoding: LineScrolling.rewrite(Array(output.utf8)), as: UTF8.self) == rewritten)
  }

  @Test(
    "on eight colours bright is bold, and grey is dim text that stands out from what is behind it",
    arguments: [
      (Color.indexed(9), Color.none, "fg=1 bold"), (.indexed(1), .indexed(2), "fg=1 bg=2"),
      (.indexed(1), .indexed(12), "fg=7 bg=4"), (.indexed(9), .indexed(4), "fg=7 bg=4 bold"),
      (.indexed(8), .none, "dim"), (.indexed(8), .indexed(0), "fg=7 bg=0 dim"),
      (.indexed(8), .indexed(7), "fg=0 bg=7 dim"), (.indexed(8), .indexed(15), "fg=0 bg=7 dim"),
    ])
  func eightColours(foreground: Color, background: Color, summary: String) {
    #expect(Style(foreground: foreground, background: background).onEightColors.summary == summary)
  }
}
