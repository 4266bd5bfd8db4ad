import Foundation
public import MailModel
import MailPolicy

/// How much room the disk of the store has. Without any the engine holds, and nothing can be recorded.
public struct DiskRoom: Sendable, Equatable {
  /// Share in use, 0 to 1.
  public var used: Double
  /// In bytes.
  public var free: Double

  /// - Returns: `nil` when the disk cannot be asked.
  public init?(of path: String) {
    guard let attributes = try? FileManager.default.attributesOfFileSystem(forPath: path),
      let free = (attributes[.systemFreeSize] as? NSNumber)?.doubleValue,
      let size = (attributes[.systemSize] as? NSNumber)?.doubleValue, size > 0
    else { return nil }
    (used, self.free) = (1 - free / size, free)
  }

  public var verdict: ProbeReading.Verdict {
    switch AlertThresholds.disk.severity(used) {
    case nil: .ok
    case .critical: .critical
    default: .warning
    }
  }

  public var words: String {
    let room = free < 10e9 ? "\(Int(free / 1e6)) MB" : "\(Int(free / 1e9)) GB"
    return "\(Percent.text(used)) used, \(room) free, limit \(Percent.text(AlertThresholds.disk.warning))"
  }
}
