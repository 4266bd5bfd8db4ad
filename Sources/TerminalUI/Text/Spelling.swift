/// What was probably meant by a name that does not exist.
public enum Spelling {
  /// Letters of a name that are compared; names are shorter.
  private static let longest = 64

  /// The known name that differs least: by no more than two letters or a third of them, and never by more than half.
  /// - Returns: `nil` when none is near.
  public static func nearest(to name: String, in names: some Sequence<String>) -> String? {
    let ranked = names.map { (slips: slips(name, $0), name: $0) }.min { $0 < $1 }
    guard let ranked, ranked.slips <= min(max(2, name.count / 3), name.count / 2) else { return nil }
    return ranked.name
  }

  /// How many letters are to be changed, added, left out or swapped with their neighbour (optimal string alignment).
  private static func slips(_ typed: String, _ meant: String) -> Int {
    let (typed, meant) = (Array(typed.prefix(longest)), Array(meant.prefix(longest)))
    var rows = [Array(0...meant.count)]
    for (line, letter) in typed.enumerated() {
      var row = [line + 1]
      for (column, other) in meant.enumerated() {
        let above = rows[line]
        var least = min(above[column + 1] + 1, row[column] + 1, above[column] + (letter == other ? 0 : 1))
        if line > 0, column > 0, letter == meant[column - 1], typed[line - 1] == other {
          least = min(least, rows[line - 1][column - 1] + 1)
        }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[typed.count][meant.count]
  }
}
