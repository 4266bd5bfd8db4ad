import Engine
import TerminalUI

/// Keys that were typed faster than the table was read, or than what was done to a row came to its end: they wait for it,
/// instead of being refused or, worse, meaning another row.
extension ConsoleState {
  /// More than anybody types ahead.
  private static let mostKeysAhead = 64

  /// Commands that mean the same whatever rows are read.
  private static let independent: Set<String> = [
    "pane", "help", "why", "palette", "command", "filter", "quit", "back-or-quit", "refresh", "redraw", "theme",
  ]

  /// Whether a key has to wait; it is kept then. Behind one that waits, all do: it may be what they are typed for. The stop
  /// never waits, and Esc gives up what does.
  mutating func keepAhead(_ key: Key, _ command: CommandInvocation?) -> Bool {
    if command?.name == "stop" || command?.name == "back" {
      keysAhead = []
      return false
    }
    guard !keysAhead.isEmpty || command.map(mustWait) ?? false else { return false }
    // The key means the row that is there now, not one that comes in while its details are read.
    if !isReadingRows { current.isFollowing = false }
    if keysAhead.count < ConsoleState.mostKeysAhead { keysAhead.append(key) }
    return true
  }

  /// Takes what waited, when there is nothing more to wait for.
  mutating func takeKeysAhead() -> [ConsoleEffect] {
    guard !keysAhead.isEmpty, !isReadingRows, !isReadingDetails, current.change == nil else { return [] }
    let keys = keysAhead
    keysAhead = []
    // Those that still have to wait are kept again, in their order.
    return keys.flatMap { take($0) }
  }

  private func mustWait(_ command: CommandInvocation) -> Bool {
    let operation = ConsoleCommand.operation(command.name)
    if operation?.target == Operation.TargetKind.none { return false }
    if isReadingRows { return !ConsoleState.independent.contains(command.name) }
    // The row is not any more as it is drawn.
    if current.change != nil, ConsoleState.actsOnRows(command.name) { return true }
    // What may be done to a row can depend on its details.
    return isReadingDetails && operation != nil && disabledReason(command) != nil
  }

  /// The rows on screen are not those that were asked for.
  private var isReadingRows: Bool { current.load.isUnderWay && (!current.isLoaded || current.jump != nil) }

  private var isReadingDetails: Bool { current.detailsLoad.isUnderWay && current.currentDetails == nil }
}
