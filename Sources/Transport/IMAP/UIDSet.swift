import MailModel

/// Sets of UIDs as commands carry them.
enum UIDSet {
  /// Joined into ranges and split so that no command line grows beyond about 1,000 bytes. There is no UID 0.
  static func commands(for uids: some Sequence<UInt32>) -> [String] {
    var sets: [String] = []
    for range in UIDRuns.of(uids.filter { $0 > 0 }) {
      let text = range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound):\(range.upperBound)"
      if let last = sets.last, last.utf8.count < 960 {
        sets[sets.count - 1] = last + "," + text
      } else {
        sets.append(text)
      }
    }
    return sets
  }
}
