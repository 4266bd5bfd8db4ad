import MailModel
import MailPolicy
import Testing

@Suite struct ArmAheadTests {
  @Test(
    arguments: [
      (nil, 0), (.milliseconds(41), 0), (.milliseconds(40), 1), (.milliseconds(10), 4), (.milliseconds(1), 8),
      (Span(microseconds: 0), 8),
    ] as [(Span?, Int)])
  func `as many as leave within the horizon, and no more than the limit`(transaction: Span?, depth: Int) {
    #expect(ArmAhead(limit: 8, horizon: .milliseconds(40)).depth(transaction: transaction) == depth)
    #expect(ArmAhead.none.depth(transaction: transaction) == 0)
  }
}
