import Engine
import MailModel
import TerminalUI

/// Everything the screen is made of. `update` is the only one who changes it.
struct ConsoleState: Sendable {
  let identity: Identity
  let keymap: Keymap
  let glyphs: GlyphSet
  var size: TerminalSize
  var now: Timestamp
  var overview: Overview?
  var overviewLoad = Load()
  /// When the emergency stop was pressed here and is not yet read back from the store.
  var trippedAt: Timestamp?
  /// Why the stop that was pressed is on no record yet.
  var stopObstacle: String?
  /// Why the store could not be read the last time.
  var storeProblem: String?
  var panes: [PaneID: PaneState]
  var active: PaneID = .checklist
  /// Whose case the case pane shows.
  var caseAccount: Account.ID?
  /// Where a person goes back to from a pane that has no key of its own.
  var cameFrom: [PaneID] = []
  var overlay: Overlay?
  var notice: Notice?
  /// How far the scan is that was begun here; `nil` while none is under way.
  var scan: RoundProgress?
  /// Tables stay as they are until a person goes on.
  var isPaused = false
  /// Typed before the rows that they mean were read.
  var keysAhead: [Key] = []
  var history: [String] = []
  var hasQuit = false
  /// When something was closed by a key: one key too many must not leave the console.
  var closedAt: Timestamp?

  init(identity: Identity, keymap: Keymap, glyphs: GlyphSet, size: TerminalSize, now: Timestamp) {
    self.identity = identity
    self.keymap = keymap
    self.glyphs = glyphs
    self.size = size
    self.now = now
    panes = Dictionary(uniqueKeysWithValues: PaneID.allCases.map { ($0, PaneState(Panes.of($0))) })
  }

  /// Who works here and on what.
  struct Identity: Sendable {
    let workspace: String
    let actor: Actor
    /// Why the report mailboxes cannot be scanned from here; `nil` when they can.
    let scanRefusal: String?
    /// Started for looking only.
    var isReadOnly = false
    /// Who has which role, for telling who could.
    var operators = Operators.none
    /// The escalation path, as it was when the console was opened.
    var contacts = Contacts.none
  }

  /// One line about what just happened.
  struct Notice: Sendable, Equatable {
    enum Kind: Sendable { case done, refused, info }
    var text: String
    var kind: Kind
  }

  /// At most one reading is under way; what changes meanwhile is read once more afterwards.
  struct Load: Sendable {
    var isUnderWay = false
    var isStale = false

    /// Whether to begin now.
    mutating func begin() -> Bool {
      if isUnderWay {
        isStale = true
        return false
      }
      isUnderWay = true
      isStale = false
      return true
    }

    /// Whether to begin again.
    mutating func end() -> Bool {
      isUnderWay = false
      return isStale
    }
  }

  /// Keys within this time are one movement of a hand.
  static let hasty = MailModel.Span.milliseconds(500)

  var pane: any Pane { Panes.of(active) }

  var current: PaneState {
    get { panes[active] ?? PaneState(pane) }
    set { panes[active] = newValue }
  }

  /// The section of the keymap that says what keys mean now.
  var context: String {
    switch overlay {
    case .prompt, .palette: Keymap.promptSection
    case .confirm(let confirmation): confirmation.word == nil ? Keymap.dialogSection : Keymap.promptSection
    case .help, .why, nil: active.rawValue
    }
  }

  /// The key of a command in a section of the keymap, the open pane's at first; without one, how it is typed.
  func keyWord(_ name: String, in section: String? = nil) -> String {
    keymap.word(for: name, in: section ?? active.rawValue)
  }

  /// Whether the emergency stop is latched as far as is known here.
  var permitState: SendPermit.State {
    guard let overview else { return .stopped }
    if overview.isLatched || trippedAt != nil { return .stopped }
    return overview.permit?.state ?? .stopped
  }

  mutating func say(_ text: String, _ kind: Notice.Kind = .info) { notice = Notice(text: text, kind: kind) }
}
