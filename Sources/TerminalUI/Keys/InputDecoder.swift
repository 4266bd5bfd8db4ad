/// What a terminal library reports, before it means anything.
public enum InputUnit: Sendable, Hashable {
  case scalar(Unicode.Scalar)
  case key(Key)
  case pasteBegin
  case pasteEnd
  case mouse(MouseEvent)
  case focus(Bool)
}

/// Turns input units into events: joins pasted text, pairs ESC with what follows, and swallows the escape sequences
/// that nobody asked for, so that a terminal's reply is never taken for keys (fault 34).
///
/// A pure value; time comes in as milliseconds of any steady clock.
public struct InputDecoder: Sendable {
  /// Scalars of one paste that are kept.
  public static let maximumPaste = 65_536
  /// How long an unfinished sequence is waited for, in milliseconds.
  static let sequencePatience = 100
  /// How long after a lone ESC a `[` or `]` still belongs to it: slow links split sequences.
  static let splitPatience = 300
  /// How long a paste may pause before it counts as finished.
  static let pastePatience = 2_000
  static let maximumSequence = 65_536

  private enum State: Sendable {
    case ground
    case escape
    /// CSI: ends with a byte of 0x40–0x7E.
    case control(length: Int)
    /// OSC, DCS, APC, PM, SOS: ends with BEL or ST.
    case text(length: Int, sawEscape: Bool)
    case singleShift
    case paste
  }

  private var state = State.ground
  private var pasted = String.UnicodeScalarView()
  private var lastUnitAt = 0
  private var loneEscapeAt: Int?

  public init() {}

  /// Milliseconds after which ``flush(at:)`` should be called if nothing arrives; nil when nothing is pending.
  public var patience: Int? {
    switch state {
    case .ground: return nil
    case .paste: return InputDecoder.pastePatience
    default: return InputDecoder.sequencePatience
    }
  }

  public mutating func feed(_ unit: InputUnit, at now: Int) -> [TerminalEvent] {
    var events = flush(at: now)
    lastUnitAt = now
    switch unit {
    case .pasteBegin:
      events += abandon(at: now)
      pasted = .init()
      state = .paste
    case .pasteEnd: events += finishPaste()
    case .focus(let gained): events.append(.focus(gained))
    case .mouse(let event): events.append(.mouse(event))
    case .key(let key): events += feedKey(key, at: now)
    case .scalar(let scalar): events += feedScalar(scalar, at: now)
    }
    return events
  }

  /// Gives up waiting for what should have come by now.
  public mutating func flush(at now: Int) -> [TerminalEvent] {
    guard let patience, now - lastUnitAt >= patience else { return [] }
    if case .paste = state { return finishPaste() }
    return abandon(at: lastUnitAt)
  }

  private mutating func finishPaste() -> [TerminalEvent] {
    guard case .paste = state else { return [] }
    state = .ground
    let text = String(pasted)
    pasted = .init()
    return text.isEmpty ? [] : [.paste(text)]
  }

  /// An ESC on its own is the key; a begun sequence is dropped.
  private mutating func abandon(at time: Int) -> [TerminalEvent] {
    defer { state = .ground }
    guard case .escape = state else { return [] }
    loneEscapeAt = time
    return [.key(.escape)]
  }

  private mutating func feedKey(_ key: Key, at now: Int) -> [TerminalEvent] {
    switch state {
    case .paste:
      if key == .enter { paste("\n") } else if key == .tab { paste("\t") }
      return []
    case .escape:
      state = .ground
      return [.key(Key(key.code, control: key.control, alt: true, shift: key.shift))]
    case .ground: return [.key(key)]
    default: return abandon(at: now) + [.key(key)]
    }
  }

  private var isInSequence: Bool {
    switch state {
    case .control, .text, .singleShift: return true
    default: return false
    }
  }

  private mutating func paste(_ scalar: Unicode.Scalar) {
    if pasted.count < InputDecoder.maximumPaste { pasted.append(scalar) }
  }

  private mutating func feedScalar(_ scalar: Unicode.Scalar, at now: Int) -> [TerminalEvent] {
    if scalar.value == 0x18, isInSequence {
      // CAN ends any sequence (ECMA-48 8.3.6), so a flood of replies never hides the key that stops all sending.
      state = .ground
      return [.key(.control("x"))]
    }
    switch state {
    case .paste:
      paste(scalar)
      return []
    case .ground: return feedGround(scalar, at: now)
    case .escape: return feedEscape(scalar, at: now)
    case .singleShift:
      state = .ground
      return []
    case .control(let length):
      let isFinal = (0x40...0x7E).contains(scalar.value) && !(length == 0 && scalar == "[")
      state = isFinal || length > InputDecoder.maximumSequence ? .ground : .control(length: length + 1)
      return []
    case .text(let length, let sawEscape):
      let ends = scalar.value == 7 || scalar.value == 0x9C || (sawEscape && scalar == "\\")
      let isOver = ends || length > InputDecoder.maximumSequence
      state = isOver ? .ground : .text(length: length + 1, sawEscape: scalar.value == 0x1B)
      return []
    }
  }

  private mutating func feedGround(_ scalar: Unicode.Scalar, at now: Int) -> [TerminalEvent] {
    let belongsToEscape = loneEscapeAt.map { now - $0 < InputDecoder.splitPatience } ?? false
    loneEscapeAt = nil
    switch scalar.value {
    case 0x1B:
      state = .escape
      return []
    case 0x5B where belongsToEscape, 0x9B: state = .control(length: 0)
    case 0x5D where belongsToEscape, 0x90, 0x98, 0x9D, 0x9E, 0x9F: state = .text(length: 0, sawEscape: false)
    default: return InputDecoder.key(for: scalar).map { [.key($0)] } ?? []
    }
    return []
  }

  private mutating func feedEscape(_ scalar: Unicode.Scalar, at now: Int) -> [TerminalEvent] {
    switch scalar {
    case "\u{1B}":
      loneEscapeAt = nil
      return [.key(.escape)]
    case "[": state = .control(length: 0)
    case "]", "P", "X", "^", "_": state = .text(length: 0, sawEscape: false)
    case "O": state = .singleShift
    default:
      state = .ground
      guard let key = InputDecoder.key(for: scalar) else { return [] }
      return [.key(Key(key.code, control: key.control, alt: true, shift: key.shift))]
    }
    return []
  }

  /// The key that sends this scalar; nil for what no key sends.
  static func key(for scalar: Unicode.Scalar) -> Key? {
    switch scalar.value {
    case 0x0D, 0x0A: return .enter
    case 0x09: return .tab
    case 0x1B: return .escape
    case 0x08, 0x7F: return .named(.backspace)
    case 0: return .control(" ")
    case 0x01...0x1A: return .control(Unicode.Scalar(UInt8(scalar.value + 0x60)))
    case 0x1C...0x1F: return .control(Unicode.Scalar(UInt8(scalar.value + 0x40)))
    case 0x80..<0xA0: return nil
    default: return .character(scalar)
    }
  }
}
