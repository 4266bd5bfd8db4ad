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
        Lines of cleanup tie Message-IDs of ours to queue ids, as our relay's replies do ("queued as 4Fv3kR2dQz9"). Lines of
        qmgr and of the delivery agents say that the relay took the message: whatever is in doubt about it is settled as
        sent, in the name of whoever imports. Nobody is restricted or suppressed by a log. Older files first when a message
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
        let kinds = summary.taken.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        Output.line(
          "\(summary.lines) lines; about messages of ours: \(kinds.isEmpty ? "none" : kinds.joined(separator: ", ")), "
            + "\(summary.known) known already, \(summary.tooLong) too long")
        Output.line("\(summary.settled.count) messages in doubt settled as sent")
        for id in summary.settled { Output.line("  message \(id)") }
      }
    }
  }
}

/// What imports have in common.
struct ImportOptions: ParsableArguments {
  @Argument(help: "The file; '-' for standard input, with --yes.") var file = "-"
  @Option(help: "Why.") var reason = ""
  @Flag(help: "Do not ask.") var yes = false
  @Flag(help: "Only say what it would do.") var preview = false
  @Flag(help: "One JSON object.") var json = false

  /// - Throws: `ValidationError` for standard input that could be read only once.
  func request() throws -> OperationRequest {
    if file == "-", !yes, !preview {
      throw ValidationError("standard input is read only once: with --yes for doing it, or --preview")
    }
    return OperationRequest(arguments: ["file": file == "-" ? "/dev/stdin" : file, "reason": reason])
  }

  /// - Returns: `nil` when only the preview was wanted, which is shown then.
  func confirmed(
    _ open: OpenWorkspace, _ operation: String, _ request: OperationRequest
  ) throws -> OperationRequest? {
    let performing = Performing(open, yes: yes, json: json)
    if preview {
      try performing.preview(operation, request)
      return nil
    }
    return try performing.confirm(operation, request)
  }
}
