import Foundation
import TestSupport

/// Faults at the Nth call of a system call, by strace's injection. Every thread counts for itself.
struct SystemCallFault: Sendable, CustomStringConvertible {
  enum Effect: Sendable {
    /// The process is killed on entering the call.
    case kill
    /// The call fails with this error, such as `EIO`, this many times in a row.
    case failure(String, times: Int)
  }

  /// Which calls count.
  enum Target: Sendable {
    case all
    /// Those on the store's files: the database, its journal and the journal's index.
    case store
    case sendLog
  }

  var call: String
  var number: Int
  var effect: Effect
  var target = Target.all

  static let strace = "/usr/bin/strace"

  /// Tracing needs a kernel that lets us.
  static let isPossible: Bool = {
    guard StoryEnvironment.isEnabled else { return false }
    return (try? Command.run(strace, "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "/bin/true")) != nil
  }()

  /// Words before the program's own.
  func arguments(in workspace: String) -> [String] {
    paths(in: workspace).flatMap { ["-P", $0] } + quick + [
      "-D", "-f", "-qq", "-y", "-e", "trace=\(traced)", "-e", "inject=\(call):\(action)", "-o",
    ]
  }

  /// Stops at the traced calls only; a signal that is injected there gets lost.
  private var quick: [String] {
    if case .kill = effect { [] } else { ["--seccomp-bpf"] }
  }

  private func paths(in workspace: String) -> [String] {
    switch target {
    case .all: []
    case .store: ["", "-wal", "-shm"].map { "\(workspace)/postroom.sqlite\($0)" }
    case .sendLog: ["\(workspace)/outbox/send_log.jsonl"]
    }
  }

  /// With a failed sync every other sync is of interest: none may follow.
  private var traced: String { call == "fdatasync" ? "fdatasync,fsync" : call }

  private var action: String {
    switch effect {
    case .kill: "signal=KILL:when=\(number)"
    case .failure(let error, let times): "error=\(error):when=\(number)..\(number + times - 1)"
    }
  }

  var description: String { "\(call) #\(number) of \(target): \(effect)" }
}

extension StoryWorkspace {
  /// Starts the program under a fault; what was traced is written to `trace`.
  func start(_ words: [String], under fault: SystemCallFault, trace: String = "/dev/null") throws -> Program {
    try Program(
      SystemCallFault.strace,
      fault.arguments(in: path) + [trace, Self.binary, "--workspace", path] + words, environment: Self.environment)
  }
}
