import Testing

@testable import TerminalUI

@Suite struct SpellingTests {
  @Test(arguments: [
    ("quue", "queue"), ("chekclist", "checklist"), ("stpo", "stop"), ("queue.hodl", "queue.hold"),
    ("suppresion.list", "suppression.list"), ("xyz", nil), ("qa", nil), ("", nil),
  ])
  func `a slip finds the name that was meant, and what is far from all finds none`(typed: String, meant: String?) {
    let names = ["queue", "checklist", "stop", "queue.hold", "suppression.list"]
    #expect(Spelling.nearest(to: typed, in: names) == meant)
  }

  @Test func `of names equally near the first by name is taken`() {
    #expect(Spelling.nearest(to: "hald", in: ["held", "hard", "bald"]) == "bald")
  }
}
