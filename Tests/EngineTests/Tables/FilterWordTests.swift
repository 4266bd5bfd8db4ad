import Engine
import MailModel
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

  @Test func `words beside account: narrow the accounts, too`() throws {
    let place = try TestWorkspace()
    for sender in ["news@ours.invalid", "shop@ours.invalid", "shop@theirs.invalid"] {
      try place.enqueue(["r@there.invalid"], from: sender)
    }
    func found(_ account: String?, _ text: String) throws -> [String] {
      try place.open.window(ListQuery(list: .accounts, text: text, account: account), .top, from: nil).rows.compactMap {
        if case .account(let account) = $0 { account.address } else { nil }
      }.sorted()
    }
    #expect(try found("ours.invalid", "shop") == ["shop@ours.invalid"])
    #expect(try found("ours.invalid", "") == ["news@ours.invalid", "shop@ours.invalid"])
    #expect(try found(nil, "shop") == ["shop@ours.invalid", "shop@theirs.invalid"])
  }
}
