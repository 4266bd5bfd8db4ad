import ArgumentParser
import Engine
import Foundation
import MailModel
import Storage

/// The questions of a high bounce rate: same domain? same sender? which codes?
struct PatternsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patterns", abstract: "What bounces most: by domain, code, sender and reason.")

  @OptionGroup var global: GlobalOptions
  @Option(help: "Only one of domain, code, sender, reason.") var by: String?
  @Option(help: "The window in hours.") var hours = BouncePattern.usualHours
  @Option(help: "Rows of each at the most.") var limit = 10
  @Flag(help: "One JSON object a row.") var json = false

  struct Record: Encodable {
    var by: String
    var value: String
    var count: Int
    var hard: Int
    var soft: Int
    var block: Int
    var unknown: Int
    var lastHour: String
  }

  func run() throws {
    let dimensions = try by.map { name in
      guard let dimension = BouncePattern.Dimension(rawValue: name) else {
        throw ValidationError("--by: '\(name)' is none of domain, code, sender, reason")
      }
      return [dimension]
    }
    guard (1...87_600).contains(hours) else { throw ValidationError("--hours: from 1 to 87600") }
    try global.with { open in
      for dimension in dimensions ?? BouncePattern.Dimension.allCases {
        let rows = try open.bouncePatterns(dimension, window: .hours(hours), limit: limit)
        if json {
          try Output.json(each: rows.map(Record.init))
        } else {
          Output.table(
            [dimension.rawValue, "bounces", "hard", "soft", "block", "unknown"],
            rows.map { row in
              [row.value, "\(row.count)"] + BounceClass.allCases.map { "\(row.classes[$0] ?? 0)" }
            })
        }
      }
    }
  }
}

extension PatternsCommand.Record {
  init(_ row: BouncePattern) {
    self.init(
      by: row.dimension.rawValue, value: row.value, count: row.count, hard: row.classes[.hard] ?? 0,
      soft: row.classes[.soft] ?? 0, block: row.classes[.block] ?? 0, unknown: row.classes[.unknown] ?? 0,
      lastHour: Clockface.utc(row.lastAt))
  }
}
