import ArgumentParser
import Engine
import Foundation
import Storage

struct RelayLogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "relay-log", abstract: "The log of a relay of our own: evidence about messages in doubt.",
    subcommands: [Import.self])

  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "import",
      abstract: "Read a Postfix log from a file or standard input; the same lines twice count once.",
      discussion: """
        Lines of cleanup tie Message-IDs of ours to queue ids, as our relay's replies do ("queued as 4Fv3kR2dQz9"). Lines of \
        qmgr and of the delivery agents say that the relay took the message: whatever is in doubt about it is settled as \
        sent, in the name of whoever imports. Nobody is restricted or suppressed by a log. Older files first when a message \
        may stand in two of them.
        """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: ImportOptions
    @Option(help: "HOST:PORT of the relay that wrote it, when the machine's name in the log does not tell.")
    var relay = ""

    struct Record: Encodable {
      var lines: Int
      var taken: [String: Int]
      var known: Int
      var settled: [Int64]
      var tooLong: Int
    }

    func run() throws {
      try global.with { open in
        var request = try options.request()
        request.arguments["relay"] = relay
        guard let request = try options.confirmed(open, "relay-log.import", request) else { return }
        let summary = try open.importRelayLog(request)
        if options.json {
          return try Output.json(
            Record(
              lines: summary.lines, taken: summary.taken, known: summary.known, settled: summary.settled,
              tooLong: summary.tooLong))
        }
        Output.line(summary.words)
        for id in summary.settled { Output.line("  message \(id)") }
      }
    }
  }
}
