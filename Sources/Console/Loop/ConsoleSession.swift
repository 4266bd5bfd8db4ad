import Engine
import Foundation
import MailModel
import TerminalUI

/// State, terminal and effects of one console, turned one step at a time. Belongs to the terminal's thread.
final class ConsoleSession {
  private(set) var state: ConsoleState
  let mailbox: EventMailbox
  private let terminal: any Terminal
  private let open: OpenWorkspace
  private let runner: EffectRunner
  private var styles: Styles
  private var changes: ChangeNotice?
  private var lastTick: Timestamp
  private var isTerminalGone = false

  init(
    terminal: any Terminal, open: OpenWorkspace, keymap: Keymap, theme: Theme, wake: @escaping @Sendable () -> Void,
    notice: String = "", actions: ConsoleActions = ConsoleActions()
  ) {
    self.terminal = terminal
    self.open = open
    mailbox = EventMailbox(wake: wake)
    runner = EffectRunner(open: open, mailbox: mailbox, actions: actions)
    styles = theme.styles(depth: terminal.capabilities.depth)
    lastTick = open.clock.now()
    state = ConsoleState(
      identity: .init(
        workspace: open.workspace.folder.lastPathComponent, actor: open.actor,
        scanRefusal: actions.scan == nil ? "no report mailbox is configured here" : open.scanRefusal?.description,
        isReadOnly: open.isReadOnly, operators: open.operators, contacts: (try? open.contacts()) ?? .none),
      keymap: keymap, glyphs: terminal.capabilities.glyphs, size: terminal.size, now: lastTick)
    if !notice.isEmpty { state.say(notice, .refused) }
    tell(keymap.issues(against: ConsoleVocabulary.vocabulary))
  }

  /// A keymap with mistakes is worked with all the same; whoever presses a dead key knows why.
  private func tell(_ issues: [ConfigurationIssue]) {
    guard let first = issues.first else { return }
    let others = issues.count > 1 ? " (and \(issues.count - 1) more)" : ""
    state.say("\(first)\(others); 'postroom keys check' tells all", .refused)
  }

  var hasQuit: Bool { state.hasQuit }

  /// Whether everything that was asked for is on the screen, scans aside.
  var isSettled: Bool { runner.isIdle && mailbox.isEmpty }

  /// Begins to read, and to notice what other processes do.
  /// - Throws: `StoreError` when the store cannot be watched.
  func begin() throws {
    let mailbox = mailbox
    open.stop.onRaise { mailbox.post(.storeChanged) }
    changes = try open.noticeChanges { mailbox.post(.storeChanged) }
    apply(.storeChanged)
    draw()
  }

  /// Takes what has come from the terminal and from other threads, then draws once.
  func turn(_ events: [TerminalEvent]) {
    for event in events { take(event) }
    for event in mailbox.drain() { apply(event) }
    tick()
    draw()
  }

  func end() {
    changes?.cancel()
    runner.finish(seconds: 6)
  }

  private func take(_ event: TerminalEvent) {
    if case .hangUp = event { isTerminalGone = true }
    // The stop goes before everything, whatever is open: it sets a flag and waits for nothing.
    if case .key(let key) = event, state.keymap.stops(key, in: state.context, above: state.active.rawValue) {
      return trip(reason: "")
    }
    apply(.terminal(event, at: open.clock.now()))
  }

  private func trip(reason: String) {
    open.stop.trip(by: open.actor, reason: reason)
    apply(.tripped(open.clock.now(), isExplained: !reason.isEmpty))
  }

  private func apply(_ event: ConsoleEvent) {
    if case .theme(let theme) = event { styles = theme.styles(depth: terminal.capabilities.depth) }
    for effect in update(&state, event) {
      switch effect {
      case .trip(let reason): trip(reason: reason)
      case .bell: terminal.bell()
      case .redraw: terminal.redraw()
      default: runner.run(effect)
      }
    }
  }

  private func tick() {
    let now = open.clock.now()
    guard now - lastTick >= .seconds(1) || now < lastTick else { return }
    lastTick = now
    let obstacle = open.stop.obstacle
    if obstacle != state.stopObstacle { apply(.stopObstacle(obstacle)) }
    apply(.tick(now))
  }

  private func draw() {
    guard !isTerminalGone else { return }
    terminal.draw(view(state, styles: styles))
  }
}
