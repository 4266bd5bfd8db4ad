/// A sequence set such as `1:3,7,9:*` (RFC 3501, `sequence-set`).
struct IMAPNumberSet: Equatable, Sendable {
  /// `nil` is `*`, the largest number in use.
  private(set) var ranges: [(first: UInt32?, last: UInt32?)] = []

  init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count <= 10_000 else { return nil }
    for part in parts {
      let ends = part.split(separator: ":", omittingEmptySubsequences: false)
      guard (1...2).contains(ends.count), let first = Self.number(ends[0]), let last = Self.number(ends[ends.count - 1])
      else { return nil }
      ranges.append((first.value, last.value))
    }
  }

  static func == (left: IMAPNumberSet, right: IMAPNumberSet) -> Bool {
    left.ranges.elementsEqual(right.ranges) { $0 == $1 }
  }

  /// - Parameter largest: what `*` stands for.
  func contains(_ number: UInt32, largest: UInt32) -> Bool {
    ranges.contains { range in
      let first = range.first ?? largest
      let last = range.last ?? largest
      return (min(first, last)...max(first, last)).contains(number)
    }
  }

  private static func number(_ text: some StringProtocol) -> (value: UInt32?, Void)? {
    if text == "*" { return (nil, ()) }
    guard let number = UInt32(text), number > 0 else { return nil }
    return (number, ())
  }
}

extension Sequence<UInt32> {
  /// Ascending numbers as `1:3,7`; empty text for none.
  var asIMAPSet: String {
    var runs: [(UInt32, UInt32)] = []
    for number in self {
      if let last = runs.last, last.1 &+ 1 == number {
        runs[runs.count - 1].1 = number
      } else {
        runs.append((number, number))
      }
    }
    return runs.map { $0 == $1 ? "\($0)" : "\($0):\($1)" }.joined(separator: ",")
  }
}
