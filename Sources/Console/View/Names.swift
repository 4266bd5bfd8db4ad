import Engine
import TerminalUI

/// Here a span is text in a style; lengths of time are written out as `MailModel.Span`.
typealias Span = TerminalUI.Span
/// And an operation is the engine's, not Foundation's.
typealias Operation = Engine.Operation
