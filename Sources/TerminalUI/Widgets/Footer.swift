/// The keys that fit this place, in one line: as many as there is room for, the last always shown.
public struct Footer: Sendable {
  public struct Hint: Sendable, Hashable {
    public let key: VisibleText
    public let label: VisibleText
    public let isEnabled: Bool

    public init(key: VisibleText, label: VisibleText, isEnabled: Bool = true) {
      self.key = key
      self.label = label
      self.isEnabled = isEnabled
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
    from bindings: [Keymap.Binding], glyphs: GlyphSet, isEnabled: (CommandInvocation) -> Bool = { _ in true }
  ) -> [Hint] {
    bindings.compactMap { binding in
      guard !binding.label.isEmpty, let key = binding.keys.first else { return nil }
      return Hint(
        key: VisibleText(key.description, glyphs: glyphs), label: VisibleText(binding.label, glyphs: glyphs, limit: 32),
        isEnabled: isEnabled(binding.command))
    }
  }

  public func draw(in rect: Rect, into frame: inout Frame, styles: Styles) {
    guard !rect.isEmpty else { return }
    frame.fill(rect.row(0), style: styles[.footer])
    let edge = rect.maxX - pinned.reduce(0) { $0 + Footer.width(of: $1) }
    var x = rect.x
    for hint in hints {
      guard x + Footer.width(of: hint) <= edge else { break }
      x = draw(hint, x: x, y: rect.y, into: &frame, styles: styles)
    }
    x = max(x, edge)
    for hint in pinned where x + Footer.width(of: hint) <= rect.maxX {
      x = draw(hint, x: x, y: rect.y, into: &frame, styles: styles)
    }
  }

  private static func width(of hint: Hint) -> Int { hint.key.width + hint.label.width + 3 }

  private func draw(_ hint: Hint, x: Int, y: Int, into frame: inout Frame, styles: Styles) -> Int {
    let base = styles[.footer]
    let keyStyle = hint.isEnabled ? styles[.footerKey] : styles["footer.disabled"]
    let labelStyle = hint.isEnabled ? styles[.footerLabel] : styles["footer.disabled"]
    let next = x + 1 + frame.put(hint.key, x: x + 1, y: y, style: keyStyle.over(base))
    return next + 2 + frame.put(hint.label, x: next + 1, y: y, style: labelStyle.over(base))
  }
}
