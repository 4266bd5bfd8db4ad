/// Shares as people read them.
public enum Percent {
  /// `0.0123` as `1.23 %`; two decimals under ten percent, one above.
  public static func text(_ share: Double) -> String {
    let percent = share * 100
    let scale = percent < 10 ? 100.0 : 10.0
    let rounded = (percent * scale).rounded() / scale
    guard rounded.isFinite else { return "–" }
    let text = "\(rounded)"
    return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + " %"
  }
}
