/// A number with its noun, as a sentence has it: `1 step`, `412 messages`.
public enum Amount {
  /// - Parameter many: for nouns whose plural is more than an s.
  public static func words(_ count: Int, _ noun: String, many: String? = nil) -> String {
    "\(count) \(count == 1 ? noun : many ?? noun + "s")"
  }

  public static func inDoubt(_ count: Int) -> String { words(count, "message in doubt", many: "messages in doubt") }

  /// `3 bounce, 1 open`, in the order of their names; `none` without any.
  public static func kinds(_ counts: [String: Int]) -> String {
    let words = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    return words.isEmpty ? "none" : words.joined(separator: ", ")
  }

  /// How far what a screen shows is counted, where counting all would cost with what is stored.
  public static let most = 10_000

  /// A count that was not taken further than ``most``.
  public static func atMost(_ count: Int) -> String { count >= most ? "10,000 or more" : "\(count)" }
}
