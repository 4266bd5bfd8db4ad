extension Frame {
  /// The screen as text: one line per row, trailing blanks trimmed. For golden screens.
  public var plainText: String {
    (0..<size.rows).map { line($0) }.joined(separator: "\n")
  }

  /// One row as text, trailing blanks trimmed; empty outside the frame.
  public func line(_ row: Int) -> String {
    guard row >= 0, row < size.rows else { return "" }
    let cells = self.cells[row * size.columns..<(row + 1) * size.columns]
    let end = cells.lastIndex { $0.text != " " }.map { $0 + 1 } ?? cells.startIndex
    return cells[..<end].reduce(into: "") { $0 += $1.text }
  }

  /// The styles as text: a letter per style in order of appearance, blank where nothing is styled, then a legend.
  public var styleText: String {
    var letters: [Style: Character] = [.plain: " "]
    var legend: [String] = []
    let names = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    let rows = (0..<size.rows).map { row -> String in
      var line = ""
      for cell in cells[row * size.columns..<(row + 1) * size.columns] {
        if let letter = letters[cell.style] {
          line.append(letter)
          continue
        }
        let letter = letters.count <= names.count ? names[letters.count - 1] : "?"
        letters[cell.style] = letter
        legend.append("\(letter) \(cell.style.summary)")
        line.append(letter)
      }
      return line
    }
    return (rows + legend).joined(separator: "\n")
  }
}

extension Style {
  /// One line for golden files, such as `fg=203 bg=#101018 bold`.
  public var summary: String {
    var words: [String] = []
    if foreground != .none { words.append("fg=" + foreground.summary) }
    if background != .none { words.append("bg=" + background.summary) }
    let names: [(TextAttributes, String)] = [
      (.bold, "bold"), (.dim, "dim"), (.underline, "underline"), (.reverse, "reverse"), (.italic, "italic"),
    ]
    words += names.filter { attributes.contains($0.0) }.map(\.1)
    return words.isEmpty ? "plain" : words.joined(separator: " ")
  }
}

extension Color {
  var summary: String {
    switch self {
    case .none: return "none"
    case .indexed(let index): return String(index)
    case .rgb(let red, let green, let blue):
      let digits = [red, green, blue].map { value in
        (value < 16 ? "0" : "") + String(value, radix: 16)
      }
      return "#" + digits.joined()
    }
  }
}
