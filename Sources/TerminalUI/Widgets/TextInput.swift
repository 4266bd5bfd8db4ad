/// A line of text being typed: the value, the cursor and the editing keys people know from a shell.
public struct TextInput: Sendable, Hashable {
  /// Characters that a value may have.
  public static let maximumLength = 4096

  private var characters: [Character]
  /// Characters before the cursor.
  public private(set) var cursor: Int

  public init(_ text: String = "") {
    characters = Array(text.prefix(TextInput.maximumLength))
    cursor = characters.count
  }

  public var text: String { String(characters) }
  public var isEmpty: Bool { characters.isEmpty }

  /// Edits with a key. Returns false when the key means nothing here, so that it may mean something else.
  public mutating func handle(_ key: Key) -> Bool {
    if let scalar = key.typedScalar {
      insert(String(scalar))
      return true
    }
    switch key.description {
    case "Left", "C-b": cursor = max(0, cursor - 1)
    case "Right", "C-f": cursor = min(characters.count, cursor + 1)
    case "Home", "C-a": cursor = 0
    case "End", "C-e": cursor = characters.count
    case "M-b", "C-Left", "M-Left": cursor = wordStart()
    case "M-f", "C-Right", "M-Right": cursor = wordEnd()
    case "Backspace": remove(max(0, cursor - 1)..<cursor)
    case "Delete", "C-d": remove(cursor..<min(characters.count, cursor + 1))
    case "C-w", "M-Backspace": remove(wordStart()..<cursor)
    case "C-u": remove(0..<cursor)
    case "C-k": remove(cursor..<characters.count)
    default: return false
    }
    return true
  }

  /// Inserts pasted text; line ends become single spaces and never submit anything.
  public mutating func paste(_ text: String) {
    let lines = text.prefix(TextInput.maximumLength).split(omittingEmptySubsequences: true, whereSeparator: \.isNewline)
    insert(lines.joined(separator: " "))
  }

  private mutating func insert(_ text: String) {
    // A combining mark joins the character before the cursor, so the count is taken afterwards.
    let tail = characters.count - cursor
    let head = String(characters[..<cursor]) + text
    let merged = Array(head) + characters[cursor...]
    characters = Array(merged.prefix(TextInput.maximumLength))
    cursor = max(0, min(characters.count, merged.count - tail))
  }

  private mutating func remove(_ range: Range<Int>) {
    characters.removeSubrange(range)
    cursor = range.lowerBound
  }

  private func wordStart() -> Int {
    var place = cursor
    while place > 0, characters[place - 1].isWhitespace { place -= 1 }
    while place > 0, !characters[place - 1].isWhitespace { place -= 1 }
    return place
  }

  private func wordEnd() -> Int {
    var place = cursor
    while place < characters.count, characters[place].isWhitespace { place += 1 }
    while place < characters.count, !characters[place].isWhitespace { place += 1 }
    return place
  }

  /// Draws prompt and text, scrolled so that the cursor is in sight, and puts the frame's cursor there.
  public func draw(
    prompt: VisibleText = .empty, placeholder: VisibleText = .empty, in rect: Rect, into frame: inout Frame,
    styles: Styles
  ) {
    guard !rect.isEmpty else { return }
    let style = styles[.input].over(styles[.text])
    frame.fill(rect.row(0), style: style)
    let taken = frame.put(prompt, x: rect.x, y: rect.y, width: rect.width, style: styles["input.prompt"].over(style))
    let field = Rect(x: rect.x + taken, y: rect.y, width: rect.width - taken, height: 1)
    guard field.width > 1 else { return }
    let before = VisibleText(String(characters[..<cursor]), glyphs: frame.glyphs, limit: 16_384)
    let after = VisibleText(String(characters[cursor...]), glyphs: frame.glyphs, limit: field.width + 2)
    let hidden = max(0, before.width - (field.width - 1))
    let head = before.dropping(columns: hidden)
    if isEmpty { frame.put(placeholder, x: field.x + 1, y: field.y, width: field.width - 1, style: styles[.dim]) }
    frame.put(head, x: field.x, y: field.y, width: field.width, style: style)
    frame.put(after, x: field.x + head.width, y: field.y, width: field.width - head.width, style: style)
    let place = Rect(x: field.x + head.width, y: field.y, width: 1, height: 1)
    frame.overlay(styles[.inputCursor], on: place)
    frame.cursor = Position(x: place.x, y: place.y)
  }
}
