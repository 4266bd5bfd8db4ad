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
        Lines of cleanup tie Message-IDs of ours to queue ids, lines of qmgr and of the delivery agents say that the relay
        took the message: whatever is in doubt about it is settled as sent, in the name of whoever imports. Nobody is
        restricted or suppressed by a log. Older files first when a message may stand in two of them.
        """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The file; '-' for standard input.") var file = "-"
    @Flag(help: "One JSON object.") var json = false

    struct Record: Encodable {
      var lines: Int
      var taken: [String: Int]
      var known: Int
      var settled: [Int64]
      var tooLong: Int
    }

    func run() throws {
      try global.with { open in
        let name = file == "-" ? "standard input" : URL(filePath: file).lastPathComponent
        let summary = try open.relayLogImport().run(name, try ByteReader.reader(of: file))
        if json {
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

/// Reads a file, or standard input for `-`, piece by piece.
enum ByteReader {
  /// - Throws: when the file cannot be opened.
  static func reader(of file: String) throws -> () throws -> [UInt8] {
    let handle = file == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(filePath: file))
    return { Array(try handle.read(upToCount: 1 << 18) ?? Data()) }
  }
}
