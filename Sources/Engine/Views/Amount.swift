/// A number with its noun, as a sentence has it: `1 step`, `412 messages`.
public enum Amount {
  /// - Parameter many: for nouns whose plural is more than an s.
  public static func words(_ count: Int, _ noun: String, many: String? = nil) -> String {
    "\(count) \(count == 1 ? noun : many ?? noun + "s")"
  }

  /// A count that was not taken further than 10,000.
  static func atMost(_ count: Int) -> String { count >= 10_000 ? "10,000 or more" : "\(count)" }
}
