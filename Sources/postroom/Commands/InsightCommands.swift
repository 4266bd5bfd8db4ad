import ArgumentParser
import Engine
import MailModel
import MailPolicy
import Storage

/// `postroom queue …`: the messages themselves, or what the queue looks like as a whole.
struct QueueCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue",
    abstract: "List messages, show one with its history; show the queue's shape, latency, reasons and forecast.",
    subcommands: [
      QueueListCommand.self, QueueShowCommand.self, QueueShapeCommand.self, QueueLatencyCommand.self,
      QueueReasonsCommand.self,
      QueueForecastCommand.self,
    ],
    defaultSubcommand: QueueListCommand.self)
}

struct QueueShapeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shape", abstract: "What waits, by destination and age, as qshape shows it.",
    discussion: "Columns are ages in minutes since the message was enqueued. T is queued and deferred together.")

  @OptionGroup var global: GlobalOptions
  @Option(help: "How many destinations at the most.") var limit = 50
  @Flag(help: "One JSON object a destination; the first is their sum.") var json = false

  struct Record: Encodable {
    var destination: String
    var waiting: Int
    var deferred: Int
    var held: Int
    var uncertain: Int
    /// Waiting messages by age; the key is the column's upper bound in minutes.
    var ages: [String: Int]
  }

  func run() throws {
    try global.with { open in
      let insight = try open.insight(destinations: max(0, limit))
      let shapes = [insight.total] + insight.destinations
      if json { return try Output.json(each: shapes.map(Record.init)) }
      Output.table(
        ["destination", "T"] + AgeColumns.titles + ["deferred", "held", "uncertain"],
        shapes.map { shape in
          let destination = shape.destination
          let counts = [shape.waiting] + shape.ages + [destination.deferred, destination.held, destination.uncertain]
          return [destination.domain] + counts.map(String.init)
        })
    }
  }
}

extension QueueShapeCommand.Record {
  init(_ shape: QueueInsight.Shape) {
    self.init(
      destination: shape.destination.domain, waiting: shape.waiting, deferred: shape.destination.deferred,
      held: shape.destination.held, uncertain: shape.destination.uncertain,
      ages: Dictionary(zip(AgeColumns.titles, shape.ages), uniquingKeysWith: +))
  }
}

struct QueueLatencyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "latency", abstract: "How long delivery takes, part by part: p50, p95, p99.",
    discussion: "Over the last hour and the last day; right to a tenth.")

  @OptionGroup var global: GlobalOptions
  @Flag(help: "One JSON object a part; times in seconds.") var json = false

  struct Record: Encodable {
    var window: String
    var stage: String
    var count: Int
    var p50: Double?
    var p95: Double?
    var p99: Double?
  }

  func run() throws {
    try global.with { open in
      let insight = try open.insight(destinations: 0)
      let windows = [("last hour", insight.lastHour), ("last day", insight.lastDay)]
      if json {
        return try Output.json(
          each: windows.flatMap { window, latencies in latencies.map { Record(window: window, $0) } })
      }
      Output.table(
        ["window", "part", "count", "p50", "p95", "p99"],
        windows.flatMap { window, latencies in
          latencies.map { latency in
            [window, latency.stage.title, "\(latency.count)"]
              + [latency.p50, latency.p95, latency.p99].map(InsightWords.duration)
          }
        })
    }
  }
}

extension QueueLatencyCommand.Record {
  init(window: String, _ latency: QueueInsight.Latency) {
    self.init(
      window: window, stage: latency.stage.rawValue, count: latency.count, p50: latency.p50?.inSeconds,
      p95: latency.p95?.inSeconds, p99: latency.p99?.inSeconds)
  }
}

struct QueueReasonsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reasons", abstract: "Why deliveries did not succeed in the last day, the most frequent first.",
    discussion: "Replies of one cause count as one: what differs from message to message is left out of their text.")

  @OptionGroup var global: GlobalOptions
  @Option(help: "Only this destination.") var destination: String?
  @Option(help: "How many at the most.") var limit = 20
  @Flag(help: "One JSON object a reason.") var json = false

  struct Record: Encodable {
    var count: Int
    var destination: String
    var outcome: String
    var replyCode: Int?
    var enhancedStatus: String
    var text: String
    var lastAt: String
  }

  func run() throws {
    try global.with { open in
      let since = open.clock.now() - .days(1)
      let reasons = try open.store.read {
        try $0.deliveryReasons.top(since: since, domain: destination?.lowercased(), limit: max(0, limit))
      }
      if json { return try Output.json(each: reasons.map(Record.init)) }
      Output.table(
        ["count", "destination", "outcome", "reason", "last"],
        reasons.map { count in
          [
            "\(count.count)", count.reason.domain, count.reason.outcome, InsightWords.reason(count.reason),
            Clockface.short(count.lastAt, now: open.clock.now()),
          ]
        })
    }
  }
}

extension QueueReasonsCommand.Record {
  init(_ count: DeliveryReasonCount) {
    self.init(
      count: count.count, destination: count.reason.domain, outcome: count.reason.outcome,
      replyCode: count.reason.replyCode, enhancedStatus: count.reason.enhancedStatus, text: count.reason.shape,
      lastAt: Clockface.utc(count.lastAt))
  }
}

struct QueueForecastCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecast", abstract: "When the queue will be empty, and where that comes from.")

  @OptionGroup var global: GlobalOptions
  @Flag(help: "One JSON object.") var json = false

  struct Record: Encodable {
    var waiting: Int
    var ratePerSecond: Double
    var pacePerSecond: Double
    /// empty, stopped, held, unknown, at or beyond.
    var answer: String
    var at: String?
    var left: Int?
    var limitedBy: String?
  }

  func run() throws {
    try global.with { open in
      let insight = try open.insight(destinations: 0)
      if json { return try Output.json(Record(insight)) }
      Output.line(InsightWords.forecast(insight.forecast, now: insight.takenAt))
      for provenance in Provenance.all(insight) where ["waiting", "rate", "pace"].contains(provenance.number) {
        Output.line("\(provenance.number): \(provenance.value)  (\(provenance.source))")
      }
    }
  }
}

extension QueueForecastCommand.Record {
  init(_ insight: QueueInsight) {
    self.init(
      waiting: insight.total.waiting, ratePerSecond: insight.rate, pacePerSecond: insight.pace, answer: "empty",
      limitedBy: insight.forecast.limitedBy)
    switch insight.forecast.answer {
    case .empty: break
    case .stopped: answer = "stopped"
    case .held(let left): (answer, self.left) = ("held", left)
    case .unknown: answer = "unknown"
    case .at(let moment): (answer, at) = ("at", Clockface.utc(moment))
    case .beyond(let moment, let left): (answer, at, self.left) = ("beyond", Clockface.utc(moment), left)
    }
  }
}
