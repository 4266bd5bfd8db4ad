import MailModel
import MailPolicy
import Testing

@Suite struct NoticePolicyTests {
  @Test(arguments: [
    (200 as Int?, 1, NoticeVerdict.sent), (204, 12, .sent), (299, 1, .sent), (300, 1, .failed), (301, 1, .failed),
    (400, 1, .failed), (404, 1, .failed), (410, 1, .failed), (408, 1, .retry(after: .minutes(1))),
    (425, 1, .retry(after: .minutes(1))), (429, 2, .retry(after: .minutes(2))), (500, 3, .retry(after: .minutes(4))),
    (503, 6, .retry(after: .minutes(32))), (503, 7, .retry(after: .hours(1))), (599, 11, .retry(after: .hours(1))),
    (503, 12, .failed), (100, 1, .retry(after: .minutes(1))), (nil, 1, .retry(after: .minutes(1))),
    (nil, 11, .retry(after: .hours(1))), (nil, 12, .failed), (nil, 1_000_000, .failed),
    (nil, -5, .retry(after: .minutes(1))),
  ])
  func `an HTTP status and the number of attempts say what follows`(
    status: Int?, attempts: Int, verdict: NoticeVerdict
  ) {
    #expect(NoticePolicy.verdict(status: status, attempts: attempts) == verdict)
  }

  @Test func `every state of a message says what it means for the notice it carries`() {
    let states = MessageState.allCases.map { ($0, NoticePolicy.state(of: $0)) }
    #expect(states.filter { $0.1 == .sent }.map(\.0) == [.sent])
    #expect(Set(states.filter { $0.1 == .failed }.map(\.0)) == [.failed, .cancelled, .expired])
    #expect(states.filter { $0.1 == .suppressed }.map(\.0) == [.suppressed])
    #expect(Set(states.filter { $0.1 == nil }.map(\.0)) == [.queued, .leased, .armed, .uncertain, .held])
  }
}
