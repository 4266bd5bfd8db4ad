import MailModel
import MailPolicy
import Testing

@Suite struct ShapingTests {
  private let start = Timestamp(seconds: 1_790_000_000)

  /// Whoever asks all the time never gets more than the limit in any window of its length.
  @Test(arguments: ["1/s", "2/s", "3/min", "10/s", "100/min", "1000/h"])
  func `a token bucket holds over any window and comes close to its limit`(text: String) throws {
    let limit = try #require(RateLimit(text))
    var bucket = TokenBucket(limit: limit)
    var moments: [Timestamp] = []
    var now = start
    while moments.count < limit.count * 3 {
      let next = bucket.next(now: now)
      now = next
      bucket.take(now: now)
      moments.append(now)
    }
    for (index, moment) in moments.enumerated() {
      let end = moment + limit.window
      let inWindow = moments[index...].prefix { $0 < end }.count
      #expect(inWindow <= limit.count, "\(inWindow) from \(index)")
    }
    // Over a long time it gives at least nine tenths of what it may.
    let span = try #require(moments.last) - start
    let possible = Double(span.microseconds) / Double(limit.window.microseconds) * Double(limit.count)
    #expect(Double(moments.count) >= possible * 0.88)
  }

  @Test func `after a rest a burst of a tenth goes at once, no more`() throws {
    var bucket = TokenBucket(limit: try #require(RateLimit("100/min")))
    var count = 0
    while bucket.next(now: start) == start {
      bucket.take(now: start)
      count += 1
    }
    #expect(count == 10)
  }

  @Test func `a bucket that a lower limit left is empty, and owes nothing beyond`() throws {
    var slow = TokenBucket(limit: try #require(RateLimit("1/d")))
    slow.take(now: start)
    var fast = TokenBucket(limit: try #require(RateLimit("100/min")), fullAt: slow.fullAt)
    fast.bound(now: start)
    #expect(fast.next(now: start) == start + fast.interval)
    let bounded = fast
    fast.bound(now: start + fast.interval)
    #expect(fast == bounded)
    fast.take(now: start + fast.interval)
    #expect(fast.next(now: start + fast.interval) == start + fast.interval + fast.interval)
  }

  @Test(arguments: ["", "10", "/s", "0/s", "-1/s", "10/week", "1e3/s", "99999999999999999999/s", "10/s/s"])
  func `what is not a rate is refused`(text: String) { #expect(RateLimit(text) == nil) }

  @Test(arguments: ["", "destination", "destination:", "host:x", "destination:a\u{1b}[31m"])
  func `what is not a scope is refused`(text: String) { #expect(ShapingScope(text) == nil) }

  private let rules = ShapingRules(
    providers: [
      .init(name: "google", domains: ["gmail.com"], exchangers: ["google.com"], concurrency: 5),
      .init(name: "yahoo", domains: ["yahoo.com"], rate: RateLimit("10/min")),
    ],
    slowDowns: [.init(phrase: "TS04", pause: .hours(2)), .init(phrase: "rate limit", pause: .minutes(5))],
    rates: [ShapingScope(.destination, "example.com"): RateLimit(count: 3, window: .seconds(1))])

  @Test func `a destination is known by domain, by mail exchanger, or is itself`() {
    #expect(rules.destination(of: "A@GMAIL.com") == ShapingScope(.destination, "google"))
    #expect(rules.destination(of: "a@firm.test", exchanger: { _ in "ASPMX.l.google.com" }).key == "google")
    #expect(rules.destination(of: "a@firm.test", exchanger: { _ in "notgoogle.com" }).key == "firm.test")
    #expect(rules.destination(of: "no-at-sign").key == "no-at-sign")
    #expect(rules.rate(of: ShapingScope(.destination, "yahoo"))?.description == "10/min")
    #expect(rules.rate(of: ShapingScope(.destination, "example.com"))?.description == "3/s")
    #expect(rules.rate(of: ShapingScope(.destination, "google")) == nil)
  }

  @Test func `only temporary replies that ask for less slow a destination down, each in a row twice as long`() {
    func pause(_ code: Int, _ text: String, times: Int = 0) -> Span? {
      rules.slowDown(after: ServerReply(code: code, text: text), times: times)
    }
    #expect(pause(421, "4.7.0 [TS04] Messages deferred") == .hours(2))
    #expect(pause(450, "Rate limit reached") == .minutes(5))
    #expect(pause(450, "rate limit", times: 2) == .minutes(20))
    #expect(pause(450, "rate limit", times: 99) == .minutes(80))
    #expect(pause(450, "mailbox full") == nil)
    #expect(pause(550, "rate limit") == nil)
    #expect(pause(250, "rate limit") == nil)
  }
}
