import Logging

/// A log that hands each line over, with its metadata.
struct NotingLog: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info
  let note: @Sendable (String) -> Void

  init(note: @escaping @Sendable (String) -> Void) { self.note = note }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) { note("\(event.message) \(event.metadata ?? [:])") }
}
