/// The keys that fit this place, in one line: as many as there is room for, the last always shown.
public struct Footer: Sendable {
  public struct Hint: Sendable, Hashable {
    public let key: VisibleText
    public let label: VisibleText
    public let isEnabled: Bool
    /// Whether it means something only here: greyed ones give way to it.
    public let isOwn: Bool

    public init(key: VisibleText, label: VisibleText, isEnabled: Bool = true, isOwn: Bool = false) {
      self.key = key
      self.label = label
      self.isEnabled = isEnabled
      self.isOwn = isOwn
    }
  }

  public var hints: [Hint]
  /// Shown at the right edge whatever happens, such as the keys for stop and help.
  public var pinned: [Hint]

  public init(_ hints: [Hint], pinned: [Hint] = []) {
    self.hints = hints
    self.pinned = pinned
  }

  /// Hints of the bindings that have a label; `isEnabled` greys those whose command does not fit now.
  public static func hints(
    from bindings: [Keymap.Binding], glyphs: GlyphSet, isEnabled: (CommandInvocation) -> Bool = { _ in true },
    isOwn: (Keymap.Binding) -> Bool = { _ in false }
  ) -> [Hint] {
    bindings.compactMap { binding in
      guard !binding.label.isEmpty, let key = binding.keys.first else { return nil }
      return Hint(
        key: VisibleText(key.description, glyphs: glyphs), label: VisibleText(binding.label, glyphs: glyphs, limit: 32),
        isEnabled: isEnabled(binding.command), isOwn: isOwn(binding))
    }
  }

  public func draw(in rect: Rect, into frame: inout Frame, styles: Styles) {
    guard !rect.isEmpty else { return }
    frame.fill(rect.row(0), style: styles[.footer])
    let edge = rect.maxX - Footer.width(of: pinned[...])
    var x = rect.x
    for hint in fitting(edge - rect.x) {
      guard x + Footer.width(of: hint) <= edge else { break }
      x = draw(hint, x: x, y: rect.y, into: &frame, styles: styles)
    }
    x = max(x, edge)
    for hint in pinned where x + Footer.width(of: hint) <= rect.maxX {
      x = draw(hint, x: x, y: rect.y, into: &frame, styles: styles)
    }
  }

  /// A line of keys that cannot be pressed helps nobody: so many others are shown with them.
  private static let fewest = 3

  /// Greyed hints go, the last first, as long as one that can be pressed here would stay out for them, or too few of
  /// those that can be pressed anywhere are left.
  private func fitting(_ room: Int) -> [Hint] {
    var shown = hints
    func isMissed(_ index: Int) -> Bool {
      let before = shown[...index]
      guard shown[index].isEnabled, Footer.width(of: before) > room else { return false }
      let usable = before.filter(\.isEnabled)
      return Footer.width(of: usable[...]) <= room && (shown[index].isOwn || usable.count <= Footer.fewest)
    }
    while let out = shown.indices.first(where: isMissed), let grey = shown[..<out].lastIndex(where: { !$0.isEnabled }) {
      shown.remove(at: grey)
    }
    return shown
  }

  private static func width(of hints: ArraySlice<Hint>) -> Int { hints.reduce(0) { $0 + width(of: $1) } }

  private static func width(of hint: Hint) -> Int { hint.key.width + hint.label.width + 3 }

  private func draw(_ hint: Hint, x: Int, y: Int, into frame: inout Frame, styles: Styles) -> Int {
    let base = styles[.footer]
    let keyStyle = hint.isEnabled ? styles[.footerKey] : styles["footer.disabled"]
    let labelStyle = hint.isEnabled ? styles[.footerLabel] : styles["footer.disabled"]
    let next = x + 1 + frame.put(hint.key, x: x + 1, y: y, style: keyStyle.over(base))
    return next + 2 + frame.put(hint.label, x: next + 1, y: y, style: labelStyle.over(base))
  }
}
