import MailModel
import Testing

/// DESIGN §4 as a table: every arrow from every state.
@Suite struct LifeCycleTests {
  /// The states each arrow leaves from, and where it leads. What is not here is not allowed.
  static let arrows: [(MessageTransition, from: Set<MessageState>, to: MessageState)] = [
    (.claim, [.queued], .leased),
    (.giveBack, [.leased], .queued),
    (.arm, [.leased], .armed),
    (.deferArmed, [.armed], .queued),
    (.deferLeased, [.leased], .queued),
    (.accept, [.armed], .sent),
    (.refuse, [.leased, .armed], .failed),
    (.giveUp, [.leased, .armed], .expired),
    (.doubt, [.armed], .uncertain),
    (.hold, [.queued, .leased], .held),
    (.release, [.held], .queued),
    (.cancel, [.queued, .held], .cancelled),
    (.expire, [.queued, .held], .expired),
    (.suppress, [.queued, .leased, .held], .suppressed),
    (.settleSent, [.uncertain], .sent),
    (.settleFailed, [.uncertain], .failed),
    (.settleUnsent, [.uncertain], .queued),
    (.sendAgain, [.uncertain], .queued),
  ]

  @Test(arguments: MessageTransition.allCases)
  func `each arrow leaves from its states only`(transition: MessageTransition) throws {
    let arrow = try #require(LifeCycleTests.arrows.first { $0.0 == transition })
    for state in MessageState.allCases {
      #expect(state.after(transition) == (arrow.from.contains(state) ? arrow.to : nil), "\(transition) from \(state)")
    }
  }

  @Test(arguments: MessageState.allCases)
  func `obligation g: no arrow leaves a terminal state, and some arrow leaves every other one`(state: MessageState) {
    let out = MessageTransition.allCases.filter { state.after($0) != nil }
    #expect(out.isEmpty == state.isTerminal)
  }

  @Test func `obligation c: only an acceptance or settled doubt leads to sent`() {
    #expect(Set(MessageTransition.allCases.filter { $0.target == .sent }) == [.accept, .settleSent])
  }

  @Test func `obligation b: what may have been taken is queued again only by a person or by proof that it was not`() {
    let back = MessageTransition.allCases.filter {
      $0.target == .queued && !$0.sources.isDisjoint(with: [.armed, .uncertain])
    }
    #expect(Set(back) == [.deferArmed, .settleUnsent, .sendAgain])
  }
}
