import Engine
public import TerminalUI

/// What keymaps for this console are checked against.
public enum ConsoleVocabulary {
  public static var vocabulary: Keymap.Vocabulary {
    let operations = Set(Operation.all.map(\.id)).union(ConsoleCommand.aliases.keys)
    return Keymap.Vocabulary(
      contexts: Set(PaneID.allCases.map(\.rawValue)).union([Keymap.promptSection, Keymap.dialogSection]),
      commands: operations.union(ConsoleCommand.all.map(\.name)), operations: operations)
  }

  /// Every command and operation with its sentence, for documentation.
  public static var commands: [(name: String, help: String)] {
    ConsoleCommand.all.map { ($0.name, $0.help) } + Operation.all.map { ($0.id, "\($0.title): \($0.help)") }
  }
}
