/// Which key means which command, per pane: what `keymaps.conf` says.
public struct Keymap: Sendable, Hashable {
  public struct Binding: Sendable, Hashable {
    /// The keys of one line, the one to show first.
    public let keys: [Key]
    public let command: CommandInvocation
    /// The word for the footer; empty keeps the binding out of it.
    public let label: String
    /// Where it was written, counted from 1.
    public let line: Int
  }

  public struct Section: Sendable, Hashable {
    public let name: String
    public let line: Int
    /// `!clear-defaults`: nothing of `[*]` is inherited.
    public internal(set) var clearsDefaults = false
    public internal(set) var bindings: [Binding] = []
    /// Keys bound to `none`.
    public internal(set) var unbound: [Key] = []
  }

  /// The section that all others inherit.
  public static let defaultSection = "*"
  /// The context in which text is typed. It should hold no key that types a character.
  public static let promptSection = "prompt"
  /// The context of a dialog.
  public static let dialogSection = "dialog"
  /// The command that stops all sending.
  public static let stopCommand = "stop"
  /// Stops in any context whose section binds no key to it: the way to stop is never configured away.
  public static let fallbackStopKey = Key.control("x")

  public internal(set) var sections: [Section] = []
  public internal(set) var file: String

  public func section(_ name: String) -> Section? { sections.first { $0.name == name } }

  /// What a key means in a context, nil when it means nothing there.
  public func command(for key: Key, in context: String) -> CommandInvocation? {
    if let section = section(context) {
      if let found = section.binding(for: key) { return found.command }
      if !section.unbound.contains(key), !section.clearsDefaults, let found = defaults?.binding(for: key) {
        return found.command
      }
    } else if let found = defaults?.binding(for: key) {
      return found.command
    }
    let isFallback = key == Keymap.fallbackStopKey && !stopIsBound(in: context)
    return isFallback ? CommandInvocation(Keymap.stopCommand) : nil
  }

  /// Whether a key stops all sending in a context. Esc and the key pressed right after it reach us as one with Alt, over a
  /// slow link always: that stops too, unless it means something itself, as the key alone does once Esc has closed what
  /// lies on top of `pane`.
  public func stops(_ key: Key, in context: String, above pane: String) -> Bool {
    if let command = command(for: key, in: context) { return command.name == Keymap.stopCommand }
    guard key.alt else { return false }
    let alone = Key(key.code, control: key.control, shift: key.shift)
    return [context, pane].contains { command(for: alone, in: $0)?.name == Keymap.stopCommand }
  }

  /// Everything reachable in a context: its own bindings first, then those inherited. Keys that mean something else
  /// here are left out.
  public func bindings(in context: String) -> [Binding] {
    let own = section(context)?.bindings ?? []
    guard context != Keymap.defaultSection, section(context)?.clearsDefaults != true else { return own }
    let taken = Set(own.flatMap(\.keys) + (section(context)?.unbound ?? []))
    return own + (defaults?.bindings ?? []).compactMap { $0.without(taken) }
  }

  /// The keys of a command in a context, for help and hints.
  public func keys(for command: CommandInvocation, in context: String) -> [Key] {
    bindings(in: context).filter { $0.command == command }.flatMap(\.keys)
  }

  /// The first key of a command without arguments in a context; without one, how the command is typed: `:why`.
  public func word(for name: String, in context: String) -> String {
    keys(for: CommandInvocation(name), in: context).first?.description ?? ":\(name)"
  }

  func stopIsBound(in context: String) -> Bool {
    bindings(in: context).contains { $0.command.name == Keymap.stopCommand }
  }

  private var defaults: Section? { section(Keymap.defaultSection) }
}

extension Keymap.Binding {
  /// With the keys that are left; `nil` when none is.
  func without(_ taken: Set<Key>) -> Keymap.Binding? {
    let keys = keys.filter { !taken.contains($0) }
    return keys.isEmpty ? nil : Keymap.Binding(keys: keys, command: command, label: label, line: line)
  }
}

extension Keymap.Section {
  func binding(for key: Key) -> Keymap.Binding? { bindings.first { $0.keys.contains(key) } }
}
