import Engine
import Foundation
import Logging

/// Log lines as JSON: `ts`, `level`, `message`, `pid` and the metadata (runbook "Log Format").
struct LogOutput: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level
  private let descriptor: Int32

  /// - Parameter file: appended to; `nil` for standard error.
  static func logger(level: String, file: String?) -> Logger {
    let descriptor = file.map { PrivateFile.open($0, O_WRONLY | O_CREAT | O_APPEND) } ?? STDERR_FILENO
    let level = Logger.Level(rawValue: level.lowercased()) ?? .info
    let handler = LogOutput(logLevel: level, descriptor: descriptor >= 0 ? descriptor : STDERR_FILENO)
    return Logger(label: "postroom") { _ in handler }
  }

  private init(logLevel: Logger.Level, descriptor: Int32) {
    self.logLevel = logLevel
    self.descriptor = descriptor
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var fields = [
      "ts": Clockface.utc(SystemClock().now()), "level": event.level.rawValue.uppercased(),
      "message": "\(event.message)",
      "pid": "\(ProcessInfo.processInfo.processIdentifier)",
    ]
    for (key, value) in event.metadata ?? [:] { fields[key] = "\(value)" }
    guard let line = try? JSONText.line(fields) else { return }
    let bytes = Array(line.utf8) + [10]
    // One write, so that lines of several threads and processes do not mix. A log that is full is not worth a crash.
    _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
  }
}
