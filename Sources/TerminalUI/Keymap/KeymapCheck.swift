extension Keymap {
  /// What a keymap is checked against.
  public struct Vocabulary: Sendable {
    /// Contexts that exist: panes, `prompt`, `dialog`.
    public let contexts: Set<String>
    /// Names of all commands.
    public let commands: Set<String>
    /// Names of commands that change something, and so may open a dialog.
    public let operations: Set<String>
    /// Name of the command that answers yes in a dialog.
    public let confirm: String

    public init(contexts: Set<String>, commands: Set<String>, operations: Set<String>, confirm: String = "yes") {
      self.contexts = contexts
      self.commands = commands
      self.operations = operations
      self.confirm = confirm
    }
  }

  /// What `keys check` finds, in order of lines; empty when all is well.
  public func issues(against vocabulary: Vocabulary) -> [ConfigurationIssue] {
    var issues: [ConfigurationIssue] = []
    for section in sections {
      if section.name != Keymap.defaultSection, !vocabulary.contexts.contains(section.name) {
        let known = vocabulary.contexts.sorted().joined(separator: ", ")
        issues.append(issue(section.line, "[\(section.name)] is no pane", expected: "[*] or one of \(known)"))
      }
      issues += clashes(in: section)
      for binding in section.bindings { issues += check(binding, in: section, vocabulary) }
    }
    issues += confirmations(vocabulary)
    for context in vocabulary.contexts.sorted() { issues += stopIssues(in: context) }
    return issues.sorted { $0.line < $1.line }
  }

  private func issue(_ line: Int, _ problem: String, expected: String) -> ConfigurationIssue {
    ConfigurationIssue(file: file, line: line, problem: problem, expected: expected)
  }

  private func clashes(in section: Section) -> [ConfigurationIssue] {
    var issues: [ConfigurationIssue] = []
    var seen: [Key: Binding] = [:]
    for binding in section.bindings {
      for key in binding.keys {
        if let earlier = seen[key] {
          let problem = "\(key) is bound twice in [\(section.name)], in line \(earlier.line) to :\(earlier.command)"
          issues.append(issue(binding.line, problem, expected: "one command per key"))
        } else if section.unbound.contains(key) {
          issues.append(issue(binding.line, "\(key) is both bound and none", expected: "one of the two"))
        }
        seen[key] = seen[key] ?? binding
      }
    }
    return issues
  }

  private func check(_ binding: Binding, in section: Section, _ vocabulary: Vocabulary) -> [ConfigurationIssue] {
    var issues: [ConfigurationIssue] = []
    if !vocabulary.commands.contains(binding.command.name) {
      let hint = Spelling.nearest(to: binding.command.name, in: vocabulary.commands)
      issues.append(
        issue(
          binding.line, "unknown command ':\(binding.command.name)'", expected: hint.map { ":\($0)" } ?? "a command"))
    }
    for key in binding.keys {
      if let reason = key.unsendable {
        issues.append(issue(binding.line, "\(key) cannot be typed: \(reason)", expected: "another key"))
      }
      if section.name == Keymap.promptSection, key.typedScalar != nil {
        issues.append(issue(binding.line, "\(key) types a character in [prompt]", expected: "C-, M- or a named key"))
      }
      if key == .control("d"), vocabulary.operations.contains(binding.command.name) {
        let expected = "a key that does not move the cursor elsewhere"
        issues.append(issue(binding.line, "C-d starts :\(binding.command.name)", expected: expected))
      }
    }
    return issues
  }

  /// A key typed twice by accident must never start an operation and confirm it.
  private func confirmations(_ vocabulary: Vocabulary) -> [ConfigurationIssue] {
    let confirming = bindings(in: Keymap.dialogSection).filter { $0.command.name == vocabulary.confirm }
    let keys = Set(confirming.flatMap(\.keys))
    return sections.filter { $0.name != Keymap.dialogSection }.flatMap { section in
      section.bindings.filter { vocabulary.operations.contains($0.command.name) }.flatMap { binding in
        binding.keys.filter { keys.contains($0) }.map { key in
          issue(
            binding.line, "\(key) starts :\(binding.command.name) and also confirms it in [dialog]",
            expected: "different keys to start and to confirm")
        }
      }
    }
  }

  private func stopIssues(in context: String) -> [ConfigurationIssue] {
    let line = section(context)?.line ?? 0
    let keys = bindings(in: context).filter { $0.command.name == Keymap.stopCommand }.flatMap(\.keys)
    let usable = context == Keymap.promptSection ? keys.filter { $0.typedScalar == nil } : keys
    guard usable.isEmpty else { return [] }
    return [issue(line, "no key stops all sending in [\(context)]", expected: "\(Keymap.fallbackStopKey) = :stop")]
  }
}
