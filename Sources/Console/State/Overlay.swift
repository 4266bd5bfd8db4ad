import Engine
import TerminalUI

/// What lies over the panes and takes the keys.
enum Overlay: Sendable {
  case prompt(Prompt)
  case confirm(Confirmation)
  case palette(Picker)
  case help(scroll: Int)
  case why(scroll: Int)
}

/// A line of text that is asked for.
struct Prompt: Sendable {
  enum Purpose: Sendable {
    case command
    case filter
    /// An argument of an operation that waits for it.
    case argument(OperationCall, Operation.Argument)
    /// The stop is latched already; this only adds why.
    case stopReason
  }

  var purpose: Purpose
  var label: String
  var placeholder = ""
  var input = TextInput()
  /// What is wrong with what was typed, or the choices that Tab found.
  var hint = ""
  /// Place in the history of commands; `nil` while typing something new.
  var historyPlace: Int?
}

/// A question before something happens.
struct Confirmation: Sendable {
  var call: OperationCall
  var dialog: Dialog
  /// The word that must be typed; `nil` for yes or no.
  var word: String?
}

/// An operation on its way: what is known so far.
struct OperationCall: Sendable {
  var operation: Operation
  var request: OperationRequest
  /// The key that began it. It never confirms it too.
  var startKey: Key?
}
