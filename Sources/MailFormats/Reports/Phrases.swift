/// Lists of words and sentences as they stand in the source.
enum Phrases {
  /// - Parameter text: phrases parted by ` | `, in lower case.
  static func list(_ text: String) -> [[UInt8]] {
    text.split(separator: "|").map { Array(Array($0.utf8)[...].trimmed) }
  }
}
