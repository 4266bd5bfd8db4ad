import Engine
import Testing

/// What filters take, in words.
@Suite struct FilterWordTests {
  @Test(arguments: [
    (FilterWords.accounts, "--filter takes text, or standing:good|flagged|restricted"),
    (.complaints, "--filter takes text, or account:…"),
    (
      .bounces,
      "--filter takes text, or account:…, class:hard|soft|block|unknown, code:…, destination:…, hours:…, "
        + "kind:bounce|delay"
    ),
    (.unmatched, "--filter takes text, or handled, replies"),
  ])
  func `the help of a command names every word, and what may stand behind it`(words: FilterWords, help: String) {
    #expect(words.help == help)
  }

  @Test(arguments: [
    ("stat:held", "stat:held"), ("two words stat:", "stat:"), ("state:held price", nil), ("10:30", nil),
    ("Re:", nil), (":25", nil), ("plain", nil),
  ])
  func `a misspelt word is told from text`(typed: String, word: String?) {
    #expect(Filter(typed, .messages).searchedWord == word)
  }
}
