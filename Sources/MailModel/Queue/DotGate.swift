/// Stands between a connection and the final dot: the transport asks, the engine answers.
///
/// Called on the connection's own thread; `awaitArm` may block for as long as a durable commit takes.
public protocol DotGate: AnyObject, Sendable {
  /// Whether the next chunk of the body may be written. Read before each chunk and costs no system call.
  func mayContinue() -> Bool
  /// Whether the arm was committed before this message came to its connection, so that nothing waits between the body
  /// and the dot.
  var isArmedAhead: Bool { get }
  /// Blocks until the arm of this message is durably committed or denied. The final dot may be written only after
  /// `true`, as a write of its own, and only if `beginDot()` says so right before it.
  func awaitArm() -> Bool
  /// Called once, right before the first byte of the final dot: puts it on record that the dot may have gone out, then
  /// looks a last time for a reason not to send it. In this order: whoever finds no record knows that there was no dot.
  func beginDot() -> Bool
}
