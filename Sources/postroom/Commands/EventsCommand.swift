import ArgumentParser
import Engine
import Foundation
import Storage

struct EventsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events", abstract: "Events of a provider: SES notifications and published events.",
    subcommands: [Import.self])

  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "import", abstract: "Read events from a file or standard input; the same event twice counts once.",
      discussion: """
        JSON lines, arrays, or objects over several lines; bare or in SNS envelopes. Unknown fields are passed over. What \
        is no event is told with its line and left out; the exit status is then 65.
        """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: ImportOptions

    struct Record: Encodable {
      var taken: [String: Int]
      var known: Int
      var unmatched: Int
      var suppressed: Int
      var flagged: Int
      var restricted: Int
      var problems: Int
    }

    func run() throws {
      try global.with { open in
        guard let request = try options.confirmed(open, "events.import", try options.request()) else { return }
        let summary = try open.importEvents(request)
        try show(summary)
        if summary.problemCount > 0 { throw ExitStatus.dataRefused.code }
      }
    }

    private func show(_ summary: EventSummary) throws {
      for problem in summary.problems { Output.error(problem) }
      if options.json {
        return try Output.json(
          Record(
            taken: summary.taken, known: summary.known, unmatched: summary.unmatched,
            suppressed: summary.intake.suppressed, flagged: summary.intake.flagged,
            restricted: summary.intake.restricted, problems: summary.problemCount))
      }
      Output.line(summary.words)
    }
  }
}
