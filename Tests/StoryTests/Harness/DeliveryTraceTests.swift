import TestSupport
import Testing

/// The checker itself: a sound run passes, and each broken obligation is told by its letter.
@Suite struct DeliveryTraceTests {
  private static func row(
    _ state: String, epoch: Int64 = 1, _ attempts: (Int64, String, String?, Int?)...
  ) -> DeliveryTrace.Row {
    var row = DeliveryTrace.Row(messageID: "<m>", state: state, epoch: epoch)
    row.attempts = attempts.map { .init(epoch: $0.0, outcome: $0.1, stage: $0.2, replyCode: $0.3) }
    return row
  }

  private static func trace(_ rows: [DeliveryTrace.Row], taken: Int) -> DeliveryTrace {
    var trace = DeliveryTrace()
    trace.acknowledged = ["<m>"]
    trace.rows = rows
    trace.taken = ["<m>": taken]
    return trace
  }

  @Test func `sound runs have no violations`() {
    let runs = [
      Self.trace([Self.row("sent", (1, "accepted", "dot", 250))], taken: 1),
      Self.trace([Self.row("sent", epoch: 2, (1, "deferred", "dot", 451), (2, "accepted", "dot", 250))], taken: 1),
      Self.trace([Self.row("failed", (1, "refused", "rcpt", 550))], taken: 0),
      Self.trace([Self.row("uncertain", (1, "uncertain", "dot", nil))], taken: 1),
      Self.trace([Self.row("uncertain", (1, "uncertain", "dot", nil))], taken: 0),
      // A reply that came after the lease was lost settles the doubt.
      Self.trace([Self.row("sent", (1, "uncertain", "dot", nil), (1, "accepted", "dot", 250))], taken: 1),
    ]
    for run in runs { #expect(run.violations.isEmpty, "\(run.violations)") }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var letter: Character
    var trace: DeliveryTrace
    var testDescription: String { "\(letter)" }
  }

  static let cases: [Case] = [
    Case(letter: "a", trace: trace([], taken: 0)),
    Case(letter: "a", trace: trace([row("queued", (1, "withdrawn", nil, nil))], taken: 1)),
    Case(letter: "b", trace: trace([row("sent", (1, "accepted", "dot", 250))], taken: 2)),
    Case(letter: "c", trace: trace([row("sent", (1, "uncertain", "dot", nil))], taken: 1)),
    Case(letter: "c", trace: trace([row("sent", (1, "accepted", "dot", 250))], taken: 0)),
    Case(letter: "f", trace: trace([row("sent", (1, "deferred", "dot", 451), (1, "accepted", "dot", 250))], taken: 1)),
    Case(
      letter: "g",
      trace: trace([row("sent", epoch: 2, (1, "accepted", "dot", 250), (2, "uncertain", nil, nil))], taken: 1)
    ),
  ]

  @Test(arguments: cases) func `a broken obligation is told`(example: Case) {
    #expect(example.trace.violations.map(\.obligation) == [example.letter], "\(example.trace.violations)")
  }

  @Test func `doubt beyond the connections of a crash is told`() {
    var trace = DeliveryTrace()
    for number in 0..<3 {
      var row = DeliveryTrace.Row(messageID: "<\(number)>", state: "uncertain", epoch: 1)
      row.attempts = [.init(epoch: 1, outcome: "uncertain", stage: "dot", replyCode: nil)]
      trace.rows.append(row)
    }
    trace.acknowledged = Set(trace.rows.map(\.messageID))
    let armed = Set(trace.rows.map { DeliveryTrace.mark($0.messageID, epoch: 1) })
    trace.deaths = [.init(armed: armed, connections: 3)]
    #expect(trace.violations.isEmpty)
    trace.deaths = [.init(armed: armed, connections: 2)]
    #expect(trace.violations.map(\.obligation) == ["d"])
    let later = Set(trace.rows.map { DeliveryTrace.mark($0.messageID, epoch: 2) })
    trace.deaths = [.init(armed: later, connections: 2)]
    #expect(trace.violations.isEmpty)
  }
}
