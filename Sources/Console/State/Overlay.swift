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
    /// With the table as it was before.
    case filter(before: PaneState.Narrowing)
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
  /// Whether the rows that it acts on were named, and may be on no screen.
  var isUnseen = false
  /// Where the cursor was then; `nil` for what is not begun on a pane.
  var place: Place?

  struct Place: Sendable, Equatable {
    let pane: PaneID
    let row: RowID?
  }
}

extension Operation {
  /// The words that name what it acts on, from the first on: numbers, or addresses of whom it may be done to by address.
  func targets(in words: [String]) -> [String] {
    // A number after the name of an operation that asks for one is that.
    guard target == .recipient || arguments.allSatisfy({ $0.name == "reason" }) else { return [] }
    switch target {
    case .none, .checklistStep, .caseStep: return []
    case .recipient: return Array(words.prefix(1).filter { $0.contains("@") })
    case .account, .inbox: return Array(words.prefix { $0.contains("@") || Int64($0) != nil })
    default: return Array(words.prefix { Int64($0) != nil })
    }
  }
}
